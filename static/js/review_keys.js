/* The keys of the review screen. A key never does anything while somebody types, and can be turned off. */
const KEPT = "dondoc.keys"; // "off" when this person does without
const TYPING = "input, textarea, select, [contenteditable]";
const FREE = "input[type=checkbox], input[type=radio], input[type=button], input[type=submit]";
const SAME = { ArrowDown: "j", ArrowUp: "k" };

function areOn() {
  try {
    return localStorage.getItem(KEPT) !== "off";
  } catch {
    return true;
  }
}

function turn(on) {
  try {
    if (on) localStorage.removeItem(KEPT);
    else localStorage.setItem(KEPT, "off");
  } catch {
    // It then holds for this page only.
  }
}

const isTyping = (target) => target.closest?.(TYPING) && !target.matches(FREE);

function openHelp() {
  const help = document.getElementById("keys");
  const box = document.getElementById("keys-on");
  box.checked = areOn();
  box.onchange = () => turn(box.checked);
  help.showModal();
}

/* Where the cursor stands in a field, in letters. */
const lettersBefore = (field) => [...field.value.slice(0, field.selectionStart)].length;

function saveFrom(field) {
  const split = field.closest("[data-split] form");
  if (!split) {
    field.closest("[data-guard]")?.querySelector("button[value=next]")?.click();
    return;
  }
  if (!field.value.includes("\n")) {
    const at = document.createElement("input");
    Object.assign(at, { type: "hidden", name: "at", value: String(lettersBefore(field)) });
    split.append(at);
  }
  split.requestSubmit();
}

export function startKeys({ chosen, focusOn, showInText, setFocus }) {
  const press = (key) => document.querySelector(`[data-chosen] [data-press="${key}"], #bar [data-press="${key}"]`);
  const acts = {
    a: () => press("a")?.click(),
    x: () => press("x")?.click(),
    u: () => press("u")?.click(),
    U: () => press("U")?.click(),
    t: showInText,
    o: () => focusOn("owner"),
    d: () => {
      const add = chosen()?.querySelector("button[value=deadline]");
      if (chosen()?.querySelector(".deadline")) focusOn("deadline");
      else if (add) {
        setFocus("deadline");
        add.click();
      }
    },
    s: () => {
      const split = chosen()?.querySelector("[data-split]");
      if (!split) return;
      split.open = true;
      const field = split.querySelector("textarea");
      field.focus();
      field.setSelectionRange(0, 0);
    },
    m: () => {
      const button = press("m");
      if (!button) return;
      button.closest("details").open = true;
      button.focus();
    },
    e: () => document.querySelector(".add-selection:not([hidden])")?.click(),
    "?": openHelp,
  };
  const shown = () => {
    const help = document.querySelector("[data-help]");
    if (help) help.hidden = false;
  };
  document.addEventListener("review:shown", shown);
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-help]")) openHelp();
  });
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.defaultPrevented || !document.getElementById("review")) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      if (event.target.closest("#review form")) saveFrom(event.target);
      return;
    }
    if (event.key === "Escape" && isTyping(event.target) && event.target.closest("#review")) {
      event.target.blur();
      return;
    }
    if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]")) return;
    if (!areOn() && event.key !== "?") return;
    // The arrows scroll the pane that has the focus.
    if (event.key in SAME && event.target.closest("#text")) return;
    const key = SAME[event.key] || event.key;
    const link = document.querySelector(`[data-chosen] [data-key="${CSS.escape(key)}"]`);
    if (link) link.click();
    else if (Object.hasOwn(acts, key)) acts[key]();
    else return;
    event.preventDefault();
  });
  shown();
}
