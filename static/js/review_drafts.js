/*
 * What is typed into a duty's form is kept in this browser until the server has it: a lost connection, an expired
 * log-in or a closed window loses nothing. Kept per person, so that another one at the same machine is not offered it.
 */
import { words } from "./review_words.js";

const OLDEST = 7 * 24 * 60 * 60 * 1000; // a draft is offered for a week, in milliseconds
const SKIPPED = new Set(["csrf_token", "then"]);
const before = new WeakMap();

const nameOf = (screen, task) => `dondoc.draft.${screen.dataset.user}.${screen.dataset.plan}.${task}`;
const entriesOf = (form) => [...new FormData(form)].filter(([name, value]) => !SKIPPED.has(name) && typeof value === "string");
const contents = (entries) => JSON.stringify(entries.filter(([name]) => name !== "version" && name !== "mark"));

/* Tell whether this browser keeps anything at all. */
export function canKeep() {
  try {
    localStorage.setItem("dondoc.probe", "1");
    localStorage.removeItem("dondoc.probe");
    return true;
  } catch {
    return false;
  }
}

export function keepDraft(screen, form) {
  const entries = entriesOf(form);
  try {
    if (before.get(form) === contents(entries)) localStorage.removeItem(nameOf(screen, form.dataset.draft));
    else localStorage.setItem(nameOf(screen, form.dataset.draft), JSON.stringify({ at: Date.now(), entries }));
  } catch {
    // Leaving the page then asks first.
  }
}

export function draftOf(screen, task) {
  try {
    const kept = JSON.parse(localStorage.getItem(nameOf(screen, task)));
    if (kept && Date.now() - kept.at < OLDEST) return kept;
  } catch {
    // Something else wrote there, or nothing can be kept.
  }
  return null;
}

export function dropDraft(screen, task) {
  try {
    localStorage.removeItem(nameOf(screen, task));
  } catch {
    // Nothing was kept.
  }
  document.getElementById(`duty-${task}`)?.querySelector(".duty__draft")?.remove();
}

/* The page that adds a duty has sent its form; here it shows whether that was taken. */
export function noteSent(screen, form) {
  const kept = draftOf(screen, form.dataset.draft);
  if (!kept) return;
  try {
    localStorage.setItem(nameOf(screen, form.dataset.draft), JSON.stringify({ ...kept, sent: true }));
  } catch {
    // It is offered once more then.
  }
}

export function settleNew(screen) {
  if (draftOf(screen, "new")?.sent && document.querySelector("main > .alert-success")) dropDraft(screen, "new");
}

/* Offer the draft of the chosen duty, and mark the other duties that have one. */
export function showDrafts(screen, restore) {
  const form = document.querySelector("form[data-draft]");
  if (form && !before.has(form)) before.set(form, contents(entriesOf(form)));
  if (form) offer(screen, form, restore);
  const start = nameOf(screen, "");
  try {
    for (const name of Object.keys(localStorage).filter((one) => one.startsWith(start))) mark(name.slice(start.length));
  } catch {
    // No marks then.
  }
}

function mark(task) {
  const head = document.querySelector(`#duty-${CSS.escape(task)} .duty__head`);
  if (!head || head.querySelector(".duty__draft")) return;
  const tag = document.createElement("span");
  tag.className = "duty__draft";
  tag.textContent = words.isDraft;
  head.append(tag);
}

function offer(screen, form, restore) {
  document.getElementById("draft")?.remove();
  const task = form.dataset.draft;
  const kept = draftOf(screen, task);
  if (!kept || contents(kept.entries) === contents(entriesOf(form))) return;
  const box = document.createElement("div");
  box.id = "draft";
  box.className = "alert alert-warning draft";
  box.setAttribute("role", "status");
  box.append(`${words.draft} ${new Date(kept.at).toLocaleString("vi-VN", { hour: "2-digit", minute: "2-digit", day: "2-digit", month: "2-digit" })}. `);
  box.append(button(words.restore, "btn-primary", () => restore(task)), " ");
  box.append(button(words.forget, "btn-link", () => {
    dropDraft(screen, task);
    box.remove();
  }));
  form.before(box);
}

function button(label, look, press) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = `btn btn-sm ${look}`;
  made.textContent = label;
  made.addEventListener("click", press);
  return made;
}
