/*
 * Files of a report are sent one by one as soon as they are chosen, dropped or photographed: each with its own progress,
 * its own error and its own "try again". Without this script they go with the form.
 */
import { ask, renewed, tokenOf } from "./report_asking.js";
import { words } from "./report_words.js";

const LARGEST = 25 * 1024 * 1024;

function made(tag, look, text) {
  const element = document.createElement(tag);
  element.className = look;
  if (text) element.textContent = text;
  return element;
}

export class Files {
  constructor(form, say, trouble) {
    this.form = form;
    this.say = say;
    this.trouble = trouble;
    this.list = form.querySelector("[data-staged]");
    this.waiting = [];
    this.running = 0;
    this.listeners = [];
    form.classList.add("js-live");
    for (const input of form.querySelectorAll("input[type=file]")) {
      input.addEventListener("change", () => {
        this.take(input.files);
        input.value = "";
      });
    }
    this.list.addEventListener("click", (event) => {
      const button = event.target.closest("[data-remove-url]");
      if (!button) return;
      event.preventDefault();
      this.remove(button);
    });
    this.watchDrops(form.querySelector("[data-proofs]"));
  }

  watchDrops(place) {
    const area = place.querySelector("[data-drop]");
    for (const name of ["dragenter", "dragover"]) {
      place.addEventListener(name, (event) => {
        if (![...event.dataTransfer.types].includes("Files")) return;
        event.preventDefault();
        area.classList.add("proofs__drop--here");
      });
    }
    place.addEventListener("dragleave", (event) => {
      if (!place.contains(event.relatedTarget)) area.classList.remove("proofs__drop--here");
    });
    place.addEventListener("drop", (event) => {
      event.preventDefault();
      area.classList.remove("proofs__drop--here");
      this.take(event.dataTransfer.files);
    });
  }

  get busy() {
    return this.running > 0 || this.waiting.length > 0;
  }

  take(files) {
    for (const file of files) {
      const row = this.row(file);
      if (this.count() > Number(this.form.dataset.mostFiles)) this.bad(row, words.tooMany.replace("%s", this.form.dataset.mostFiles));
      else if (file.size > LARGEST) this.bad(row, words.tooLarge);
      else this.waiting.push({ file, row });
    }
    this.next();
  }

  count() {
    return this.list.querySelectorAll(".staged__file:not(.staged__file--bad)").length;
  }

  row(file) {
    const row = made("li", "staged__file");
    row.append(made("span", "staged__name", file.name));
    const bar = made("progress", "");
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", `${words.uploading}: ${file.name}`);
    row.append(bar);
    this.list.append(row);
    this.list.hidden = false;
    return row;
  }

  next() {
    if (this.running > 0 || !this.waiting.length) return;
    const { file, row } = this.waiting.shift();
    this.running += 1;
    this.send(file, row).finally(() => {
      this.running -= 1;
      this.next();
      if (!this.busy) for (const go of this.listeners.splice(0)) go();
    });
  }

  /* Wait for the files that are on their way; true when all of them arrived. */
  async settled() {
    const bad = () => this.list.querySelectorAll(".staged__file--bad").length;
    const before = bad();
    if (this.busy) await new Promise((go) => this.listeners.push(go));
    return bad() === before;
  }

  send(file, row, again = true) {
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open("POST", this.form.dataset.uploadUrl);
      request.setRequestHeader("X-Requested-With", "fetch");
      request.setRequestHeader("X-CSRFToken", tokenOf(this.form));
      request.responseType = "text";
      request.upload.addEventListener("progress", (event) => {
        const bar = row.querySelector("progress");
        if (bar && event.lengthComputable) bar.value = Math.round((100 * event.loaded) / event.total);
      });
      request.addEventListener("loadend", () => {
        let said = null;
        try {
          said = JSON.parse(request.responseText);
        } catch {
          // An error page, or nothing at all.
        }
        if (request.status === 200 && said?.ok) this.good(row, said);
        else if (request.status === 401) {
          this.trouble("expired");
          this.bad(row, words.uploadFailed, file);
        } else if (again && said && renewed(this.form, said)) {
          resolve(this.send(file, row, false));
          return;
        } else this.bad(row, said?.message || (request.status === 413 ? words.tooLarge : words.uploadFailed), said?.message ? null : file);
        resolve();
      });
      const body = new FormData();
      body.append("file", file);
      request.send(body);
    });
  }

  good(row, said) {
    const same = this.list.querySelector(`[data-file="${said.id}"]`);
    if (same && same !== row) {
      row.remove();
      return;
    }
    row.dataset.file = said.id;
    row.querySelector(".staged__name").textContent = said.name;
    row.querySelector("progress")?.remove();
    row.append(made("span", "muted", said.size), this.removeButton(said.name, said.remove));
    if (said.notice) row.append(made("span", "staged__note", said.notice));
    this.tell(`${words.uploaded}: ${said.name}`);
  }

  removeButton(name, address) {
    const button = made("button", "btn btn-link btn-sm", words.remove);
    button.type = "button";
    button.setAttribute("aria-label", `${words.remove}: ${name}`);
    if (address) button.dataset.removeUrl = address;
    return button;
  }

  bad(row, message, file) {
    const name = row.querySelector(".staged__name").textContent;
    row.classList.add("staged__file--bad");
    row.querySelector("progress")?.remove();
    if (file) {
      const again = made("button", "btn btn-outline-primary btn-sm", words.retry);
      again.type = "button";
      again.setAttribute("aria-label", `${words.retry}: ${name}`);
      again.addEventListener("click", () => {
        row.remove();
        this.take([file]);
      });
      row.append(again);
    }
    const away = this.removeButton(name);
    away.addEventListener("click", () => this.goodbye(row));
    const note = made("span", "staged__note", message);
    note.setAttribute("role", "alert");
    row.append(away, note);
  }

  async remove(button) {
    button.disabled = true;
    const answer = await ask(this.form, button.dataset.removeUrl, new FormData());
    if (answer.kind === "ok" || answer.status === 404) this.goodbye(button.closest("li"));
    else {
      button.disabled = false;
      if (answer.kind === "refused") this.say(words.failed, "error");
      else this.trouble(answer.kind);
    }
  }

  goodbye(row) {
    row.remove();
    this.list.hidden = !this.list.children.length;
    this.tell(words.removed);
    this.form.querySelector("input[type=file]")?.focus();
  }

  /* Said to those who listen, not shown. */
  tell(message) {
    let place = this.form.querySelector("[data-told]");
    if (!place) {
      place = made("div", "visually-hidden");
      place.dataset.told = "";
      place.setAttribute("role", "status");
      this.form.append(place);
    }
    place.textContent = message;
  }
}
