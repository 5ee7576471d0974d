/* The review screen made smooth: choosing a duty fetches only what changes, and both panes keep their place. */
import { keepDraft, dropDraft, draftOf, showDrafts, settleNew, canKeep } from "./review_drafts.js";
import { startKeys } from "./review_keys.js";
import { startPresence } from "./review_presence.js";
import { startSelection } from "./review_selection.js";
import { words } from "./review_words.js";

const main = document.getElementById("main");
const screen = () => document.getElementById("review");
const pane = (id) => document.getElementById(id);
const chosen = () => document.querySelector("[data-chosen]");
const AT_ONCE = { behavior: "instant" }; // whoever works through a list by keys does not wait for the page to glide
const FRESH = 20000; // how long a page fetched ahead is good for, in milliseconds
let dirty = false;
let asked = 0;
let focusNext = "";
let ahead = null;
let list = listOf(location.href);

/* Which list an address shows: rows and words of another one lead elsewhere, so that page is fetched whole. */
function listOf(url) {
  const asked = new URL(url, location.href).searchParams;
  return ["show", "order", "at"].map((name) => asked.get(name)).join();
}

/* ---- what is in sight ---- */

const isStacked = () => !pane("duties") || getComputedStyle(pane("duties")).overflowY !== "auto";

/* A pane scrolls alone, and only when what matters is not in sight. */
function reveal(frame, thing, share, enough, smoothly) {
  if (!frame || !thing) return;
  if (isStacked()) return;
  const box = frame.getBoundingClientRect();
  const top = thing.getBoundingClientRect().top - box.top;
  if (top >= 0 && top < box.height * enough) return;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  frame.scrollTo({ top: frame.scrollTop + top - box.height * share, behavior: smoothly && !calm ? "smooth" : "instant" });
}

function show(smoothly) {
  reveal(pane("text"), document.getElementById("spot") || document.getElementById("mark"), 0.3, 0.6, smoothly);
  reveal(pane("duties"), chosen(), 0.02, 0.2, false);
  showDrafts(screen(), restore);
}

/* Who works through the list wants both panes whole. */
function fill() {
  const review = document.querySelector(".review");
  if (review && !isStacked() && review.getBoundingClientRect().top > 12) review.scrollIntoView(AT_ONCE);
}

/* On a phone one pane is shown at a time; without this file they stand one under the other. */
function choosePane(name) {
  screen().dataset.pane = name;
  for (const tab of document.querySelectorAll(".review-tabs a")) {
    tab.toggleAttribute("aria-current", tab.hash === `#${name}`);
  }
}

function showInText() {
  choosePane("text");
  const mark = document.getElementById("mark");
  if (!mark) return;
  if (isStacked()) mark.scrollIntoView({ block: "center", ...AT_ONCE });
  else reveal(pane("text"), mark, 0.3, 0.6, true);
}

/* ---- putting an answer in its place ---- */

function wholePage(answer, url, remember) {
  const places = new Map(["text", "duties"].map((id) => [id, pane(id)?.scrollTop]));
  const [page, shown] = [window.scrollY, screen().dataset.pane];
  main.replaceChildren(...answer.getElementById("main").childNodes);
  document.title = answer.title;
  for (const [id, top] of places) if (pane(id)) pane(id).scrollTop = top || 0;
  if (shown) choosePane(shown);
  if (!isStacked()) window.scrollTo({ top: page, ...AT_ONCE });
  goneTo(url, remember);
}

/* Two duties, some lines, the bar. False when the list has a duty that this page does not know. */
function part(answer, url, remember) {
  const frame = answer.getElementById("review-part");
  const list = document.querySelector(".duties");
  if (!list) return false;
  const fresh = new Map([...frame.querySelector(":scope > ol").children].map((row) => [row.id.slice(5), row]));
  const rows = new Map([...list.children].map((row) => [row.id.slice(5), row]));
  const order = frame.dataset.order.trim().split(" ");
  if (order.some((id) => !rows.has(id) && !fresh.has(id))) return false;
  for (const [id, row] of rows) if (fresh.has(id) || !order.includes(id)) row.remove();
  let next = null;
  for (const id of order.reverse()) {
    const row = fresh.get(id) || rows.get(id);
    if (row.parentNode !== list || row.nextElementSibling !== next) list.insertBefore(row, next);
    next = row;
  }
  for (const line of [...frame.querySelector("[data-lines]").children]) document.getElementById(line.id)?.replaceWith(line);
  const [bar, others] = [frame.querySelector("#bar"), document.getElementById("others")];
  // The same people are not announced anew at every step.
  if (bar.querySelector("#others").textContent === others.textContent) bar.querySelector("#others").replaceWith(others);
  document.getElementById("bar").replaceWith(bar);
  for (const old of main.querySelectorAll(":scope > .alert")) old.remove();
  main.prepend(...frame.querySelectorAll("[data-flash]"));
  screen().dataset.version = frame.dataset.version;
  document.getElementById("spot")?.removeAttribute("id");
  goneTo(url, remember);
  return true;
}

function goneTo(url, remember) {
  if (!remember) return;
  history.pushState({}, "", url.replace(/#.*/, "") + (chosen() ? `#${chosen().id}` : ""));
  const add = document.querySelector("[data-add]");
  if (add && chosen()) {
    const address = new URL(add.href);
    address.searchParams.set("task", chosen().dataset.chosen);
    add.href = address.href;
  }
}

function settle(unsaved, asks) {
  dirty = unsaved;
  screen().dispatchEvent(new Event("combobox:add", { bubbles: true }));
  screen().dispatchEvent(new Event("review:shown", { bubbles: true }));
  const problem = document.querySelector("[data-chosen] .alert, [data-chosen] [aria-invalid]");
  fill();
  show(true);
  if (isStacked() && screen().dataset.pane !== "text") chosen()?.scrollIntoView(AT_ONCE);
  if (asks) focusOn(asks);
  else if (problem) problem.scrollIntoView({ block: "nearest", ...AT_ONCE });
  else if (chosen() && !main.contains(document.activeElement?.closest("dialog[open]"))) {
    chosen().tabIndex = -1;
    chosen().focus({ preventScroll: true });
  }
  (window.requestIdleCallback || setTimeout)(fetchAhead);
}

/* Put an answer in the place of the page. False when the page has to be fetched whole. */
function put(html, url, { remember = true, unsaved = false } = {}) {
  const answer = new DOMParser().parseFromString(html, "text/html");
  const asks = focusNext;
  focusNext = "";
  if (answer.getElementById("review-part")) {
    if (!part(answer, url, remember)) return false;
  } else if (answer.getElementById("review")) {
    wholePage(answer, url, remember);
  } else {
    dirty = false;
    location.assign(url);
    return true;
  }
  list = listOf(url);
  settle(unsaved, asks);
  return true;
}

/* ---- asking the server ---- */

function headersFor(changes) {
  const now = chosen()?.dataset.chosen;
  const known = Number(screen().dataset.version) + (changes ? 1 : 0);
  return now ? { Accept: "text/html", "X-Review-Part": `${now}.${known}` } : { Accept: "text/html" };
}

const nameOf = (url, headers) => `${url.replace(/#.*/, "")} ${headers["X-Review-Part"]}`;

async function go(url, remember = true) {
  const headers = listOf(url) === list ? headersFor(false) : { Accept: "text/html" };
  const ready = ahead && ahead.name === nameOf(url, headers) && Date.now() - ahead.at < FRESH ? ahead.html : null;
  const number = (asked += 1);
  keepNow();
  try {
    const html = ready || (await (await fetch(url, { headers })).text());
    if (number === asked && !put(html, url, { remember })) {
      put(await (await fetch(url, { headers: { Accept: "text/html" } })).text(), url, { remember });
    }
  } catch {
    location.assign(url);
  }
}

/* The next duty is fetched while this one is read: looking changes nothing on the server. */
async function fetchAhead() {
  const link = document.querySelector('[data-chosen] [data-key="j"]');
  if (!link) return;
  const headers = headersFor(false);
  const name = nameOf(link.href, headers);
  if (ahead?.name === name && Date.now() - ahead.at < FRESH) return;
  try {
    const answer = await fetch(link.href, { headers });
    if (answer.ok && !answer.redirected) ahead = { name, html: await answer.text(), at: Date.now() };
  } catch {
    // It is fetched when it is asked for.
  }
}

async function send(form, submitter, body = new FormData(form, submitter)) {
  const number = (asked += 1);
  const task = form.dataset.draft;
  const headers = form.hasAttribute("data-part") ? headersFor(true) : { Accept: "text/html" };
  ahead = null;
  const answer = await fetch(form.action, { method: "POST", body, headers });
  const html = await answer.text();
  const isOurs = html.includes('id="review"') || html.includes('id="review-part"');
  const saved = answer.ok && answer.redirected && (isOurs || /\/plans\/\d+$/.test(new URL(answer.url).pathname));
  if (!isOurs && !saved) {
    const login = screen().dataset.login;
    tell(words.notSaved, answer.url.includes(login) ? login : "");
    return;
  }
  if (saved && task) dropDraft(screen(), task);
  if (number !== asked) return;
  // What was refused is no page of its own: the address stays that of the screen.
  const url = saved ? answer.url : location.href;
  if (!put(html, url, { unsaved: !saved })) await go(url);
}

/* What could not be saved is said beside the form, which keeps every word. */
function tell(message, login = "") {
  const place = chosen() || screen();
  document.getElementById("not-saved")?.remove();
  const box = document.createElement("div");
  box.id = "not-saved";
  box.className = "alert alert-danger";
  box.setAttribute("role", "alert");
  box.textContent = message;
  if (login) {
    const link = document.createElement("a");
    link.href = login;
    link.target = "_blank";
    link.textContent = words.logIn;
    box.append(" ", link);
  }
  place.prepend(box);
  box.scrollIntoView({ block: "nearest" });
}

/* ---- drafts ---- */

const formNow = () => document.querySelector("[data-chosen] form[data-draft]");
const keepNow = () => dirty && formNow() && keepDraft(screen(), formNow());

function restore(task) {
  const form = formNow();
  const kept = draftOf(screen(), task);
  if (!form || !kept) return;
  const body = new FormData(document.getElementById("token"));
  for (const [name, value] of kept.entries) body.append(name, value);
  body.set("then", "show");
  send(form, null, body).catch(() => tell(words.notSaved));
}

/* ---- what a person does ---- */

function focusOn(what) {
  const fields = [...chosen().querySelectorAll(what === "owner" ? "[data-owner] input[type=text], [data-owner] input:not([type])" : ".deadline__fields input, .deadline__fields select")];
  const open = fields.filter((field) => field.offsetParent !== null);
  const field = what === "deadline" ? open.find((one) => one.tagName === "INPUT") || open[0] : open.at(-1);
  field?.focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("#review a[href]");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const address = link.getAttribute("href");
  if (address === "#mark") {
    event.preventDefault();
    showInText();
    return;
  }
  if (link.closest(".review-tabs")) {
    event.preventDefault();
    choosePane(link.hash.slice(1));
    return;
  }
  const url = new URL(link.href);
  if (url.pathname !== location.pathname || address.startsWith("#")) return;
  event.preventDefault();
  if (String(getSelection()).trim() && link.classList.contains("said")) return; // selecting words is not a choice
  if (link.hasAttribute("data-take-theirs")) {
    dropDraft(screen(), chosen().dataset.chosen);
    dirty = false;
  }
  if (link.classList.contains("said")) choosePane("duties");
  go(url.href);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.closest("#review") || form.method.toLowerCase() !== "post") return;
  event.preventDefault(); // before app.js: this page stays
  if (form.dataset.going) return;
  form.dataset.going = "yes";
  focusNext = ["owner", "deadline"].includes(event.submitter?.value) ? event.submitter.value : "";
  keepNow();
  send(form, event.submitter)
    .catch(() => tell(words.notSaved))
    .finally(() => delete form.dataset.going);
}, true);

let soon = 0;
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-draft]");
  if (!form) return;
  dirty = true;
  clearTimeout(soon);
  soon = setTimeout(() => keepDraft(screen(), form), 300);
});
addEventListener("beforeunload", (event) => {
  keepNow();
  if (dirty && !canKeep()) event.preventDefault();
});
addEventListener("popstate", () => go(location.href, false));

choosePane(location.hash === "#spot" ? "text" : "duties");
startKeys({ chosen, focusOn, showInText, setFocus: (what) => { focusNext = what; } });
startPresence({ screen, chosen, tell });
startSelection();
settleNew(screen());
show(false);
(window.requestIdleCallback || setTimeout)(fetchAhead);
