/*
 * The report form, wherever it stands. Every part works without this file: it adds drafts that outlive a lost connection,
 * files sent one by one, and sending without leaving the page.
 *
 * What puts a form into a page later dispatches "report:add" on a parent of it; a form that was saved in place says
 * "report:saved" with {assignment, message, notice, next}, one that was given up "report:cancel".
 */
import { ask } from "./report_asking.js";
import { Files } from "./report_files.js";
import { Keeper } from "./report_keeping.js";
import { words } from "./report_words.js";

const PERSON = /\p{Lu}\p{Ll}*(?:\s\p{Lu}\p{Ll}*){1,4}[\s,;|()–-]*(?:(?:nam|nữ)[\s,;|()–-]*)?(?:(?:sinh năm|sinh ngày|năm sinh|sinh|SN|sn)[\s:.]*\d{2}|\((?:19|20)\d{2}\))/u;

class ReportForm {
  constructor(form) {
    this.form = form;
    form.reportForm = this;
    const say = (message, look, more) => this.say(message, look, more);
    form.addEventListener("report:rows", (event) => this.makeRows(event.detail));
    this.keeper = new Keeper(form, say);
    this.files = new Files(form, say, (kind) => this.keeper.trouble(kind));
    form.addEventListener("submit", (event) => this.submitted(event));
    form.addEventListener("click", (event) => this.pressed(event));
    form.addEventListener("report:reload", () => this.reload());
    form.addEventListener("change", (event) => event.target.name === "state" && this.showPercent());
    form.addEventListener("focusout", (event) => event.target.tagName === "TEXTAREA" && this.noticePerson(event.target));
    this.showPercent();
  }

  say(message, look = "", more = null) {
    const place = this.form.querySelector("[data-said]");
    place.className = `report__said${look ? ` report__said--${look}` : ""}`;
    place.hidden = !message;
    place.textContent = message;
    if (!more) return;
    const button = document.createElement(more.href ? "a" : "button");
    button.className = "btn btn-sm btn-outline-primary";
    button.textContent = more.label;
    if (more.href) button.href = more.href;
    else {
      button.type = "button";
      button.addEventListener("click", more.press);
    }
    place.append(" ", button);
  }

  /* What is done is a hundred per cent by itself. */
  showPercent() {
    const done = this.form.querySelector("[name=state]:checked")?.value === "submitted";
    const field = this.form.querySelector("[name=percent]")?.closest(".field");
    if (field) field.hidden = done;
  }

  noticePerson(area) {
    const field = area.closest(".field");
    const there = field.querySelector(".report__notice");
    if (!PERSON.test(area.value.normalize("NFC"))) there?.remove();
    else if (!there) {
      const notice = document.createElement("div");
      notice.className = "report__notice";
      notice.setAttribute("role", "status");
      notice.textContent = words.person;
      field.append(notice);
    }
  }

  pressed(event) {
    const button = event.target.closest("button, a");
    if (!button || !this.form.contains(button)) return;
    if (button.hasAttribute("data-add-figure")) {
      event.preventDefault();
      this.addRow()?.querySelector("input").focus();
    } else if (button.value === "drop_draft") {
      event.preventDefault();
      if (confirm(words.drop)) this.dropDraft();
    } else if (button.hasAttribute("data-cancel") && this.form.hasAttribute("data-inline")) {
      event.preventDefault();
      this.keeper.save();
      this.keeper.stop();
      this.tell("report:cancel", { assignment: this.form.dataset.assignment });
    }
  }

  addRow() {
    const frame = this.form.querySelector("[data-figures]");
    const rows = frame.querySelectorAll("[data-figure]");
    if (rows.length >= Number(frame.dataset.most)) return null;
    const number = rows.length;
    const row = rows[0].cloneNode(true);
    row.querySelectorAll(".field__error").forEach((one) => one.remove());
    for (const input of row.querySelectorAll("input")) {
      const name = input.name.replace(/-\d+-/, `-${number}-`);
      const label = row.querySelector(`label[for="${input.id}"]`);
      input.id = input.name = name;
      input.value = "";
      input.removeAttribute("value");
      input.removeAttribute("aria-invalid");
      input.removeAttribute("aria-describedby");
      input.classList.remove("is-invalid");
      label.htmlFor = name;
      label.textContent = label.textContent.replace(/\d+$/, String(number + 1));
    }
    rows[rows.length - 1].after(row);
    if (number + 1 >= Number(frame.dataset.most)) frame.querySelector("[data-add-figure]")?.remove();
    return row;
  }

  makeRows(values) {
    while (Object.keys(values).some((name) => name.startsWith("figures-") && !this.form.elements.namedItem(name))) {
      if (!this.addRow()) return;
    }
  }

  async dropDraft() {
    const answer = await ask(this.form, this.form.dataset.dropUrl, new FormData());
    if (answer.kind === "ok") {
      this.keeper.done();
      this.reload();
    } else if (answer.kind === "refused") this.say(words.failed, "error");
    else this.keeper.trouble(answer.kind);
  }

  async reload() {
    if (!this.form.hasAttribute("data-inline")) {
      location.replace(this.form.dataset.pageUrl);
      return;
    }
    try {
      const answer = await fetch(this.form.action, { headers: { "X-Requested-With": "fetch" } });
      if (answer.ok) this.replace(await answer.text());
    } catch {
      this.say(words.lost, "error");
    }
  }

  async submitted(event) {
    if (event.submitter?.name === "press") return;
    event.preventDefault();
    if (this.isSending) return;
    this.busy(true);
    if (this.files.busy) {
      this.say(words.wait, "");
      const allWell = await this.files.settled();
      if (!allWell) {
        this.busy(false);
        this.say(words.without, "");
        return; // whether to send without the file is for the person to say
      }
    }
    const answer = await ask(this.form, this.form.action, new FormData(this.form));
    this.busy(false);
    if (answer.kind === "ok") this.saved(answer.said);
    else if (answer.kind === "refused" && !answer.isJson && typeof answer.said === "string") this.refused(answer);
    else if (answer.kind === "refused") this.say(words.failed, "error");
    else this.keeper.trouble(answer.kind);
  }

  busy(isSending) {
    this.isSending = isSending;
    const button = this.form.querySelector("[data-send]");
    button.disabled = isSending;
    if (isSending) {
      this.label = button.textContent;
      button.textContent = words.sending;
    } else button.textContent = this.label;
  }

  saved(said) {
    this.keeper.done();
    if (this.form.hasAttribute("data-inline")) this.tell("report:saved", { assignment: this.form.dataset.assignment, ...said });
    else location.assign(said.next);
  }

  refused(answer) {
    const found = new DOMParser().parseFromString(answer.said, "text/html").querySelector("[data-report]");
    if (!found || ![409, 422].includes(answer.status)) {
      this.say(words.failed, "error");
      return;
    }
    this.replace(found.outerHTML);
  }

  /* The form as the server answered it takes this one's place; what is typed there is what was sent. */
  replace(html) {
    const frame = this.form.closest("[data-report]");
    const holder = document.createElement("template");
    holder.innerHTML = html;
    const made = holder.content.querySelector("[data-report]");
    if (!made) return;
    this.keeper.stop();
    frame.replaceWith(made);
    attach(made);
    const first = made.querySelector(".is-invalid, [aria-invalid=true]") || made.querySelector(".alert, .newer");
    if (first) {
      if (!first.matches("input, textarea, select")) first.tabIndex = -1;
      first.focus();
    }
  }

  tell(name, detail) {
    this.form.closest("[data-report]").dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
  }
}

function attach(root) {
  for (const form of root.querySelectorAll("form[data-report-form]")) {
    if (!form.reportForm) new ReportForm(form);
  }
}

document.addEventListener("report:add", (event) => attach(event.target));
attach(document);
