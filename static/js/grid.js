/* The grid by keyboard: what was changed is counted, Ctrl+Enter saves, Alt with an arrow moves within a column. */
"use strict";

for (const form of document.querySelectorAll("form[data-grid]")) {
  const words = form.querySelector("[data-count]");
  const controls = [...form.querySelectorAll("select, textarea, input:not([type=hidden])")].filter((one) => !one.readOnly);
  // What came back unsaved counts as changed from the start.
  const first = new Map(controls.map((one) => [one, one.closest(".grid__row--bad") ? null : one.value]));
  let sent = false;

  const changed = () => {
    const rows = new Set();
    for (const one of controls) if (one.value !== first.get(one)) rows.add(one.closest("tr"));
    return rows;
  };
  const show = () => {
    const rows = changed();
    for (const row of form.querySelectorAll("tbody tr")) {
      row.classList.toggle("grid__row--changed", rows.has(row) && !row.classList.contains("grid__row--bad"));
    }
    words.textContent = rows.size ? words.dataset.words.replace("#", String(rows.size)) : "";
  };
  const move = (from, step) => {
    const column = from.name.replace(/^r\d+-/, "");
    const same = controls.filter((one) => one.name.endsWith(`-${column}`));
    const next = same[same.indexOf(from) + step];
    if (next) {
      next.focus();
      next.scrollIntoView({ block: "nearest" });
    }
  };

  form.querySelector("[data-keys]").hidden = false;
  form.addEventListener("input", show);
  form.addEventListener("change", show);
  form.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // a Vietnamese input method is still putting a letter together
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.key === "Enter" && event.target.matches("input")) {
      event.preventDefault(); // Enter in a cell saves nothing by accident
      move(event.target, event.shiftKey ? -1 : 1);
    } else if (event.altKey && (event.key === "ArrowDown" || event.key === "ArrowUp") && controls.includes(event.target)) {
      event.preventDefault();
      move(event.target, event.key === "ArrowDown" ? 1 : -1);
    }
  });
  form.addEventListener("submit", () => {
    sent = true;
  });
  window.addEventListener("pageshow", () => {
    sent = false;
    show(); // the back button brings the typed values back
  });
  window.addEventListener("beforeunload", (event) => {
    if (!sent && changed().size) event.preventDefault();
  });
  show();
}
