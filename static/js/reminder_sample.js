/* The sample follows what is typed. Without this file the button "Xem thử" does the same. */
"use strict";

const form = document.querySelector("[data-sample-form]");
const PAUSE = 500;

if (form && form.querySelector("[data-sample-result]")) {
  let waiting = 0;
  let asked = 0;

  const refresh = async () => {
    const mine = ++asked;
    const said = new FormData(form);
    said.set("try", "1");
    try {
      const answer = await fetch(form.action || location.href, { method: "POST", body: said });
      if (!answer.ok || mine !== asked) return; // a newer one is on its way
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const result = page.querySelector("[data-sample-result]");
      if (result && mine === asked) form.querySelector("[data-sample-result]").replaceWith(result);
    } catch {
      // No network: the button is still there.
    }
  };

  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(refresh, PAUSE);
  });
}
