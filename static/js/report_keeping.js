/*
 * What is typed into a report form is kept twice: at once in this browser (a lost connection or an expired log-in loses
 * nothing), and a moment later as a draft on the server (so that another machine shows it). The copy in the browser is
 * named after its writer, goes when the report is saved and when somebody logs out (static/js/app.js).
 */
import { ask } from "./report_asking.js";
import { words } from "./report_words.js";

const OLDEST = 7 * 24 * 60 * 60 * 1000;
const SAVE_AFTER = 3000;
const RETRY_AFTER = 8000;
const SKIPPED = /^(csrf_token|version|files|photos|press|next)$/;

const nameOf = (form) => `dondoc.report.${form.dataset.user}.${form.dataset.assignment}`;

export function valuesOf(form) {
  const values = {};
  for (const [name, value] of new FormData(form)) {
    if (!SKIPPED.test(name) && typeof value === "string") values[name] = value;
  }
  return values;
}

export class Keeper {
  constructor(form, say) {
    this.form = form;
    this.say = say;
    this.before = JSON.stringify(valuesOf(form));
    this.restore();
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    this.online = () => this.form.isConnected && this.isDirty && this.save();
    addEventListener("online", this.online);
    this.hidden = () => document.visibilityState === "hidden" && this.isDirty && this.save();
    document.addEventListener("visibilitychange", this.hidden);
  }

  read() {
    try {
      const kept = JSON.parse(localStorage.getItem(nameOf(this.form)));
      if (kept && Date.now() - kept.at < OLDEST) return kept;
      localStorage.removeItem(nameOf(this.form));
    } catch {
      // Something else wrote there, or this browser keeps nothing.
    }
    return null;
  }

  write(kept) {
    try {
      if (kept) localStorage.setItem(nameOf(this.form), JSON.stringify(kept));
      else localStorage.removeItem(nameOf(this.form));
    } catch {
      // The draft on the server is left.
    }
  }

  changed() {
    if (JSON.stringify(valuesOf(this.form)) === this.before) return;
    this.isDirty = true;
    this.write({ at: Date.now(), values: valuesOf(this.form) });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), SAVE_AFTER);
  }

  async save() {
    clearTimeout(this.timer);
    if (this.isDone || !this.form.isConnected) return;
    if (this.isSaving) {
      this.timer = setTimeout(() => this.save(), 500);
      return;
    }
    this.isSaving = true;
    const values = valuesOf(this.form);
    const sent = JSON.stringify(values);
    const version = this.form.querySelector("[name=version]")?.value || "";
    const answer = await ask(this.form, this.form.dataset.draftUrl, { ...values, version }, { json: true });
    this.isSaving = false;
    if (this.isDone || !this.form.isConnected) return;
    this.answered(answer, sent);
  }

  answered(answer, sent) {
    if (answer.kind === "ok") {
      if (JSON.stringify(valuesOf(this.form)) === sent) {
        this.isDirty = false;
        this.before = sent;
        this.write(null);
      }
      this.show(answer.said.message);
      if (this.wasLost) this.say(words.back);
      else if (this.isRefused) this.say("");
      this.wasLost = this.isRefused = false;
    } else if (answer.kind === "refused") {
      this.isRefused = true;
      this.say(`${words.notSaved} ${(answer.isJson && answer.said.message) || words.failed}`, "error");
    } else {
      this.trouble(answer.kind);
      if (answer.kind === "lost") this.timer = setTimeout(() => this.save(), RETRY_AFTER);
    }
  }

  trouble(kind) {
    this.wasLost = kind === "lost";
    if (kind === "lost") this.say(words.lost, "error");
    else if (kind === "expired") this.say(words.expired, "error", { label: words.logIn, href: this.form.dataset.logInUrl });
    else this.say(words.otherUser, "error");
  }

  show(message) {
    const bar = this.form.querySelector("[data-draft-bar]");
    bar.hidden = false;
    bar.querySelector("[data-draft-words]").textContent = message;
  }

  restore() {
    const kept = this.read();
    if (!kept) return;
    const now = valuesOf(this.form);
    if (Object.entries(kept.values).every(([name, value]) => (now[name] || "") === value)) return;
    // Rows that were added are made first; who listens knows how.
    this.form.dispatchEvent(new CustomEvent("report:rows", { detail: kept.values }));
    for (const [name, value] of Object.entries(kept.values)) {
      const field = this.form.elements.namedItem(name);
      if (field) field.value = value;
    }
    const at = new Date(kept.at).toLocaleString("vi-VN", { hour: "2-digit", minute: "2-digit", day: "2-digit", month: "2-digit" });
    this.say(words.restored.replace("%s", at), "", { label: words.forget, press: () => { this.write(null); this.isDone = true; this.reload(); } });
    this.isDirty = true;
    this.timer = setTimeout(() => this.save(), 200);
  }

  reload() {
    this.form.dispatchEvent(new CustomEvent("report:reload", { bubbles: true }));
  }

  /* The report was saved, or the draft thrown away: nothing is kept any more. */
  done() {
    this.isDone = true;
    clearTimeout(this.timer);
    this.write(null);
    this.stop();
  }

  stop() {
    clearTimeout(this.timer);
    removeEventListener("online", this.online);
    document.removeEventListener("visibilitychange", this.hidden);
  }
}
