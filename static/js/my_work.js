/*
 * The desk made quick: the report form opens under its row, an answer is sent without leaving the list, and the next
 * row is at hand. Every link and button here does its work without this file; the form itself is report.js's.
 */
"use strict";

(() => {
  const desk = document.getElementById("desk");
  if (!desk) return;
  const words = desk.dataset;
  const status = document.getElementById("said");
  const QUIETLY = { headers: { "X-Requested-With": "fetch" } };

  const rows = () => [...desk.querySelectorAll(".job")];
  const rowOf = (thing) => thing.closest(".job");
  const opener = (row) => row.querySelector("[data-open]");
  /* Where a row is entered: its report, else its text. */
  const door = (row) => opener(row) || row.querySelector(".job__text");
  const form = (row) => row.querySelector(".job__form");
  const isPage = (html) => /<html[\s>]/i.test(html);
  const parse = (html) => new DOMParser().parseFromString(html, "text/html");
  const freshAddress = (row) => words.rowUrl.replace(/0$/, row.id.slice(4)) + location.search;

  function say(sentence) {
    status.textContent = ""; // the same words twice are two messages
    setTimeout(() => (status.textContent = sentence), 50);
  }

  function note(row, sentence, kind) {
    row.querySelector(".job__note")?.remove();
    const line = document.createElement("p");
    line.className = `job__note job__note--${kind}`;
    line.textContent = sentence;
    row.append(line);
    say(sentence);
  }

  function focusOn(thing) {
    thing?.focus();
    thing?.scrollIntoView({ block: "nearest" });
  }

  /* ---- the form under its row ---- */

  /* What somebody has begun to type stays open. */
  function isBegun(row) {
    const fields = form(row)?.querySelector("form")?.elements || [];
    return [...fields].some((field) => {
      if (field.type === "hidden" || field.tagName === "BUTTON" || field.tagName === "FIELDSET") return false;
      if (field.type === "file") return field.files.length > 0;
      if (field.type === "radio" || field.type === "checkbox") return field.checked !== field.defaultChecked;
      return "defaultValue" in field && field.value !== field.defaultValue;
    });
  }

  function close(row) {
    form(row)?.remove();
    opener(row)?.removeAttribute("aria-expanded");
    row.classList.remove("job--open");
  }

  function enter(row) {
    const wrong = form(row).querySelector("[aria-invalid=true], [autofocus]");
    focusOn(wrong || form(row).querySelector("input:not([type=hidden]), textarea, select, a, button:not([tabindex='-1'])"));
  }

  function put(row, html) {
    const frame = form(row) || row.appendChild(document.createElement("div"));
    frame.className = "job__form";
    frame.replaceChildren(...parse(html).body.childNodes);
    row.classList.add("job--open");
    opener(row)?.setAttribute("aria-expanded", "true");
    frame.dispatchEvent(new CustomEvent("report:add", { bubbles: true }));
  }

  async function open(row, { done = false, why = "" } = {}) {
    const link = opener(row);
    const address = new URL(link.href);
    address.searchParams.set("inline", "1");
    if (done) address.searchParams.set("done", "1");
    link.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, QUIETLY);
      const html = await answer.text();
      // Logged out, or no such row any more: the whole page says so.
      if (!answer.ok || answer.redirected || isPage(html)) throw new Error(answer.statusText);
      for (const other of rows()) if (other !== row && !isBegun(other)) close(other);
      row.querySelector(".job__note")?.remove();
      if (why) note(row, why, "bad");
      put(row, html);
      enter(row);
    } catch {
      location.href = link.href;
    } finally {
      link.removeAttribute("aria-busy");
    }
  }

  /* ---- after something was saved ---- */

  /* The row and the counts as they are now take the place of the old ones. */
  function renew(row, part) {
    const fresh = part.querySelector(".job");
    row.replaceWith(fresh);
    showOpeners();
    for (const count of part.querySelectorAll("[data-count]")) {
      for (const old of document.querySelectorAll(`[data-count="${count.dataset.count}"]`)) old.replaceWith(count.cloneNode(true));
    }
    return fresh;
  }

  /* The next row that has something to press; at the end of the list the first one. */
  function following(row) {
    const all = rows();
    const left = all.slice(all.indexOf(row) + 1).find(opener) || all.find((one) => one !== row && opener(one));
    return left && door(left);
  }

  async function saved(row, message, part) {
    const next = following(row);
    let fresh = row;
    try {
      if (!part) {
        const answer = await fetch(freshAddress(row), QUIETLY);
        if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
        part = parse(await answer.text());
      }
      fresh = renew(row, part);
    } catch {
      close(row); // it is saved; only its picture is old
    }
    note(fresh, message, "good");
    focusOn(next || door(fresh));
  }

  /* ---- one-press answers ---- */

  async function press(quick, button) {
    const row = rowOf(quick);
    const data = new FormData(quick);
    if (button?.name) data.set(button.name, button.value);
    data.set("next", freshAddress(row)); // a row is lighter than the whole list
    for (const one of quick.querySelectorAll("button")) one.disabled = true;
    let answer;
    let html;
    try {
      answer = await fetch(quick.action, { method: "POST", body: data, ...QUIETLY });
      html = await answer.text();
    } catch {
      note(row, words.failed, "bad");
      return;
    } finally {
      for (const one of quick.querySelectorAll("button")) one.disabled = false;
    }
    const part = parse(html);
    const said = part.querySelector("[data-flash], main > .alert");
    const told = said?.textContent.trim() || "";
    const where = new URL(answer.url).pathname;
    if (!isPage(html) && part.querySelector(".job")) {
      if (said?.dataset.flash !== "error") await saved(row, told || words.saved, part);
      else {
        const fresh = renew(row, part);
        note(fresh, told, "bad");
        focusOn(door(fresh));
      }
    } else if (opener(row) && where === new URL(opener(row).href).pathname) {
      await open(row, { done: true, why: told });
    } else if (answer.status < 500 && !answer.redirected) {
      note(row, part.querySelector("main")?.textContent.trim().replace(/\s+/g, " ") || words.undone, "bad");
    } else {
      location.reload(); // logged out meanwhile, or something broke: the page says which
    }
  }

  /* ---- what is pressed ---- */

  desk.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = event.target.closest("[data-open]");
    if (!link) return;
    event.preventDefault();
    const row = rowOf(link);
    if (!form(row)) open(row);
    else if (isBegun(row)) enter(row);
    else close(row);
  });

  desk.addEventListener("submit", (event) => {
    if (event.defaultPrevented || !event.target.matches(".job__quick")) return;
    event.preventDefault(); // before app.js, which would count it as sent
    press(event.target, event.submitter);
  });

  desk.addEventListener("report:saved", (event) => {
    const { message, notice } = event.detail;
    saved(rowOf(event.target), [message || words.saved, notice].filter(Boolean).join(" "));
  });

  desk.addEventListener("report:cancel", (event) => {
    const row = rowOf(event.target);
    close(row);
    focusOn(door(row));
  });

  document.addEventListener("click", (event) => {
    for (const menu of desk.querySelectorAll(".job__more[open]")) if (!menu.contains(event.target)) menu.open = false;
  });

  function move(row, step) {
    const all = rows();
    const next = all[all.indexOf(row) + step];
    if (next) focusOn(door(next));
  }

  /* Single keys count only while a row's own link or button has the focus, so that they disturb no field. */
  desk.addEventListener("keydown", (event) => {
    const row = rowOf(event.target);
    if (!row || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const menu = event.target.closest(".job__more[open]");
    if (event.key === "Escape" && menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
      return;
    }
    if (event.target.closest(".job__form") || menu) return;
    if (event.key === "j" || event.key === "ArrowDown") move(row, 1);
    else if (event.key === "k" || event.key === "ArrowUp") move(row, -1);
    else if (event.key === "b" && opener(row)) opener(row).click();
    else return;
    event.preventDefault();
  });

  /* Where two lines hold the whole text there is nothing to open. */
  function showOpeners() {
    for (const whole of desk.querySelectorAll(".job__whole:not([open])")) {
      const text = rowOf(whole).querySelector(".job__text");
      whole.hidden = text.scrollHeight <= text.clientHeight + 1;
    }
  }
  addEventListener("resize", showOpeners);
  addEventListener("load", showOpeners);

  /* A phone shows work first; a wide screen has room for both, and no summary to press. */
  const find = document.querySelector(".find");
  const narrow = matchMedia("(max-width: 40rem)");
  const fold = () => (find.open = !narrow.matches || "set" in find.dataset);
  narrow.addEventListener("change", fold);
  fold();

  for (const hint of desk.querySelectorAll("[data-keys]")) hint.hidden = !desk.querySelector(".job");
})();
