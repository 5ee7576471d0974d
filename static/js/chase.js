/* The chase: how much is picked, and mails that are shown in place. Every page does its work without this file. */
"use strict";

/* "Đã chọn 3 cơ quan, 17 việc" beside the buttons. */
for (const form of document.querySelectorAll("form[data-picks]")) {
  const words = form.querySelector("[data-picked]");
  if (!words) continue;
  const pattern = words.textContent;
  const show = () => {
    const picked = [...form.querySelectorAll("input[data-items]:checked")];
    const items = picked.reduce((sum, box) => sum + Number(box.dataset.items), 0);
    words.textContent = pattern.replace("{agencies}", picked.length).replace("{items}", items);
    words.hidden = picked.length === 0;
  };
  form.addEventListener("change", show);
  window.addEventListener("pageshow", show);
  show();
}

/* What the mails say follows the tone and the line as they are written. */
for (const form of document.querySelectorAll("form[data-preview]")) {
  let asked = 0;
  const read = async (address, only) => {
    const data = new FormData(form);
    if (only) data.set("only", only);
    const answer = await fetch(address, { method: "POST", body: new URLSearchParams(data) });
    if (!answer.ok) throw new Error(answer.statusText);
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  };
  const follow = async () => {
    const number = (asked += 1);
    try {
      const page = await read(form.dataset.preview);
      if (number !== asked) return; // a slow answer to an older question is worth nothing
      for (const part of ["[data-mails]", "[data-shown]"]) {
        const fresh = page.querySelector(part);
        if (fresh) form.querySelector(part).replaceChildren(...fresh.childNodes);
      }
      const [fresh, send] = [page.querySelector("[data-send]"), form.querySelector("[data-send]")];
      if (fresh && send) send.textContent = fresh.textContent;
      if (Boolean(fresh) !== Boolean(send)) form.querySelector("[data-again]").click();
    } catch {
      /* No connection: "Xem lại thư" does the same, and says so. */
    }
  };
  form.addEventListener("change", (event) => {
    if (["tone", "note", "insist"].includes(event.target.name)) follow();
  });
  /* Chosen before this file arrived, or put back by the browser on the way back: the mails below say something else. */
  const differs = (field) =>
    field.type === "radio" || field.type === "checkbox" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
  window.addEventListener("pageshow", () => {
    if ([...form.querySelectorAll("[name=tone], [name=note], [name=insist]")].some(differs)) follow();
  });
  form.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-mail]");
    if (!button) return;
    event.preventDefault();
    try {
      const mail = (await read(button.formAction, button.value)).querySelector(".mail-shown");
      if (mail) {
        button.replaceWith(mail);
        mail.querySelector("pre").focus();
      }
    } catch {
      button.removeAttribute("data-mail"); // the next press opens it in a window of its own
    }
  });
}
