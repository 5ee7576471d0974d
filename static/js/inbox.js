/* Keys of the inbox: J and K walk, X ticks, A agrees, R writes. Everything works by Tab and Enter without them. */
"use strict";

{
  const hint = document.querySelector(".inbox__keys");
  if (hint) hint.hidden = false;
  const rows = [...document.querySelectorAll(".inbox__row")];
  const here = rows.findIndex((row) => row.classList.contains("inbox__row--here"));
  const typing = (target) => target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");

  const go = (step) => {
    const link = rows[here + step] && rows[here + step].querySelector("a");
    if (link) link.click();
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    const opened = document.getElementById("opened");
    const acts = {
      j: () => go(1),
      k: () => go(-1),
      x: () => here >= 0 && rows[here].querySelector("input").click(),
      a: () => opened && opened.querySelector("[data-key=a]") && opened.querySelector("[data-key=a]").focus(),
      r: () => opened && opened.querySelector("textarea") && opened.querySelector("textarea").focus(),
    };
    const act = acts[event.key.toLowerCase()];
    if (act) {
      event.preventDefault();
      act();
    }
  });

  /* What was chosen, or comes next after a decision, is where reading goes on. */
  const title = document.querySelector(".inbox--chosen #opened-title");
  const refused = document.querySelector(".inbox__opened .alert-danger[tabindex]");
  if (refused) refused.focus();
  else if (title) title.focus();
}
