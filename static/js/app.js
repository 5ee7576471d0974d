/* Small comforts. Every page does its work without this file. */
"use strict";

/*
 * One press sends a form once; <button data-busy="…"> says in its own words what is done meanwhile. The back button
 * brings the page back as it was, so it is undone on pageshow.
 */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method.toLowerCase() !== "post" || form.hasAttribute("data-many")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  // After this turn, so that the pressed button's own name and value are still sent.
  setTimeout(() => {
    for (const button of form.querySelectorAll("button:not([type=button]), input[type=submit]")) {
      button.disabled = true;
      if (button === event.submitter && button.tagName === "BUTTON") {
        button.dataset.words = button.textContent;
        button.textContent = button.dataset.busy || (document.documentElement.lang === "en" ? "Sending…" : "Đang gửi…");
      }
    }
  });
});

/* Whoever logs out leaves nothing half-written on a shared computer. */
document.addEventListener("submit", (event) => {
  if (!(event.target.getAttribute("action") || "").endsWith("/accounts/log-out")) return;
  try {
    for (const name of Object.keys(localStorage)) if (name.startsWith("dondoc.report.")) localStorage.removeItem(name);
  } catch {
    // This browser keeps nothing.
  }
});

window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button, input[type=submit]")) {
      button.disabled = false;
      if (button.dataset.words) {
        button.textContent = button.dataset.words;
        delete button.dataset.words;
      }
    }
  }
});

/*
 * <input type="checkbox" data-select-all="name"> ticks every box of that name in its form, and shows their state;
 * data-select-within="fieldset" keeps to the boxes beside it. It is of no use without this file, so what holds it may
 * be hidden until now.
 */
for (const all of document.querySelectorAll("[data-select-all]")) {
  const frame = all.closest("[hidden]");
  if (frame) frame.hidden = false;
  const within = (all.dataset.selectWithin && all.closest(all.dataset.selectWithin)) || all.form || document;
  const boxes = () =>
    [...within.querySelectorAll("input[type=checkbox]")].filter((box) => box.name === all.dataset.selectAll && !box.disabled);
  const show = () => {
    const ticked = boxes().filter((box) => box.checked).length;
    all.checked = ticked > 0 && ticked === boxes().length;
    all.indeterminate = ticked > 0 && !all.checked;
  };
  all.addEventListener("change", () => {
    const wanted = all.checked; // each box that changes shows a part of the way
    for (const box of boxes()) {
      if (box.checked === wanted) continue;
      box.checked = wanted;
      box.dispatchEvent(new Event("change", { bubbles: true }));
    }
    show();
  });
  (all.form || document).addEventListener("change", (event) => {
    if (event.target !== all) show();
  });
  show();
}

/* A page that comes back with a mistake begins at the mistake, unless it says itself where to begin. */
{
  const wrong = document.querySelector("main [aria-invalid=true]");
  if (wrong && !document.querySelector("[autofocus]") && document.activeElement === document.body) wrong.focus();
}

/* A menu made of <details> closes like a menu. */
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.account[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details.account[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

/*
 * A list of entries below a field, drawn here, walked with the arrow keys, and chosen from by Enter or by mouse. Its heirs
 * say what is offered, and what choosing does. An entry has a label, and may have a hint.
 */
class OptionList {
  constructor(input, name, label) {
    this.input = input;
    this.entries = [];
    this.active = -1;
    this.list = document.createElement("ul");
    this.list.className = "combobox__list";
    this.list.id = name;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", label);
    this.list.hidden = true;
    const frame = document.createElement("div");
    frame.className = "combobox";
    input.before(frame);
    frame.append(input, this.list);
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", name);
    input.addEventListener("keydown", (event) => this.pressed(event));
    input.addEventListener("blur", () => this.close());
    // Before the blur, so that a choice by mouse still counts.
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.choose(this.entries[Number(option.dataset.index)]);
    });
  }

  show(entries, active) {
    this.entries = entries;
    this.active = active;
    this.list.replaceChildren(...entries.map((entry, index) => this.option(entry, index)));
    this.list.hidden = false;
    this.mark();
  }

  option(entry, index) {
    const option = document.createElement("li");
    option.className = "combobox__option";
    option.id = `${this.list.id}-${index}`;
    option.dataset.index = index;
    option.setAttribute("role", "option");
    option.textContent = entry.label;
    if (entry.hint) {
      const hint = document.createElement("span");
      hint.className = "combobox__hint";
      hint.textContent = entry.hint;
      option.append(hint);
    }
    return option;
  }

  mark() {
    for (const option of this.list.querySelectorAll("[role=option]")) {
      const here = Number(option.dataset.index) === this.active;
      option.setAttribute("aria-selected", String(here));
      if (here) option.scrollIntoView({ block: "nearest" });
    }
    if (this.active < 0) this.input.removeAttribute("aria-activedescendant");
    else this.input.setAttribute("aria-activedescendant", `${this.list.id}-${this.active}`);
  }

  pressed(event) {
    // A Vietnamese input method may still be putting a letter together.
    if (event.isComposing || this.list.hidden) return;
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && this.entries.length) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      const start = this.active < 0 && step < 0 ? 0 : this.active;
      this.active = (start + step + this.entries.length) % this.entries.length;
      this.mark();
    } else if (event.key === "Enter" && this.active >= 0) {
      event.preventDefault();
      this.choose(this.entries[this.active]);
    } else if (event.key === "Escape") {
      event.preventDefault();
      this.close();
    }
  }

  close() {
    this.list.hidden = true;
    this.active = -1;
    this.input.removeAttribute("aria-activedescendant");
  }
}

/*
 * <input data-combobox data-source="/url?q=" data-target="hidden-field-name"> offers what the server finds.
 * The source answers [{"value": …, "label": …, "hint": …}]. Choosing fills the input, and the hidden input of that
 * name in the same form; typing on empties the hidden one again, so that words and choice never disagree. The input
 * then sends a "choose" event with the entry as its detail.
 */
class Combobox extends OptionList {
  constructor(input) {
    const label = input.labels && input.labels[0];
    super(input, `${input.id || input.name}-list`, label ? label.textContent.trim() : input.getAttribute("aria-label") || "");
    this.asked = 0;
    input.setAttribute("role", "combobox");
    input.setAttribute("autocomplete", "off");
    input.setAttribute("aria-expanded", "false");
    input.addEventListener("input", () => this.typed());
  }

  target() {
    const name = this.input.dataset.target;
    return name && this.input.form ? this.input.form.elements.namedItem(name) : null;
  }

  typed() {
    const hidden = this.target();
    if (hidden) hidden.value = "";
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), 150);
  }

  async ask() {
    const words = this.input.value.trim();
    const number = (this.asked += 1);
    if (!words) {
      this.close();
      return;
    }
    let entries;
    try {
      const answer = await fetch(this.input.dataset.source + encodeURIComponent(words), {
        headers: { Accept: "application/json" },
      });
      if (!answer.ok) throw new Error(answer.statusText);
      entries = await answer.json();
    } catch {
      entries = [];
    }
    // A slow answer to an older question is worth nothing.
    if (number === this.asked && document.activeElement === this.input) this.show(entries, -1);
  }

  show(entries, active) {
    super.show(entries, active);
    if (!entries.length) this.list.replaceChildren(this.none());
    this.input.setAttribute("aria-expanded", "true");
  }

  none() {
    const none = document.createElement("li");
    none.className = "combobox__none";
    none.setAttribute("role", "presentation");
    none.textContent = document.documentElement.lang === "en" ? "Nothing found" : "Không tìm thấy";
    return none;
  }

  pressed(event) {
    if (event.key === "ArrowDown" && this.list.hidden && !event.isComposing) {
      event.preventDefault();
      this.ask();
    } else {
      super.pressed(event);
    }
  }

  choose(entry) {
    this.input.value = entry.label;
    const hidden = this.target();
    if (hidden) hidden.value = entry.value;
    this.close();
    this.input.dispatchEvent(new CustomEvent("choose", { bubbles: true, detail: entry }));
  }

  close() {
    clearTimeout(this.timer);
    this.asked += 1;
    super.close();
    this.input.setAttribute("aria-expanded", "false");
  }
}

for (const input of document.querySelectorAll("input[data-combobox]")) new Combobox(input);
/* Parts of a page that are added later say so. */
document.addEventListener("combobox:add", (event) => {
  for (const input of event.target.querySelectorAll("input[data-combobox]:not([role])")) new Combobox(input);
});
