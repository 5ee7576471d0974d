/* Naming people in a thread: @ and some letters offer who may be named; choosing ticks the box that names them. */
"use strict";

/* Letters without their marks, so that "lan" finds "Lan" and "Hùng" is found by "hung". */
function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase();
}

class Mentions {
  constructor(input) {
    this.input = input;
    this.boxes = [...input.form.querySelectorAll(`input[type=checkbox][name="${input.dataset.mentions}"]`)];
    if (!this.boxes.length) return;
    this.active = -1;
    this.found = [];
    this.list = document.createElement("ul");
    this.list.className = "combobox__list";
    this.list.id = `${input.id}-names`;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", document.documentElement.lang === "en" ? "Name a person" : "Nhắc tên");
    this.list.hidden = true;
    const frame = document.createElement("div");
    frame.className = "combobox";
    input.before(frame);
    frame.append(input, this.list);
    // A text box of several lines stays a text box: the list is told of beside it.
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", this.list.id);
    input.addEventListener("input", () => this.look());
    input.addEventListener("keydown", (event) => this.pressed(event));
    input.addEventListener("blur", () => this.close());
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.choose(Number(option.dataset.index));
    });
  }

  /* The letters between the last @ and the caret, or null when no name is being typed. */
  typed() {
    const before = this.input.value.slice(0, this.input.selectionStart);
    const found = /(?:^|[\s(,;])@([^@\n]{0,40})$/u.exec(before);
    return found ? found[1] : null;
  }

  look() {
    const words = this.typed();
    if (words === null) {
      this.close();
      return;
    }
    const key = plain(words);
    this.found = this.boxes.filter((box) => !words || plain(box.dataset.name).split(" ").some((_word, place, all) => all.slice(place).join(" ").startsWith(key)));
    if (!this.found.length) {
      this.close();
      return;
    }
    this.active = 0;
    this.list.replaceChildren(...this.found.map((box, index) => this.option(box, index)));
    this.list.hidden = false;
    this.mark();
  }

  option(box, index) {
    const option = document.createElement("li");
    option.className = "combobox__option";
    option.id = `${this.list.id}-${index}`;
    option.dataset.index = index;
    option.setAttribute("role", "option");
    option.textContent = box.dataset.name;
    const hint = box.labels[0] && box.labels[0].querySelector("span");
    if (hint) {
      const more = document.createElement("span");
      more.className = "combobox__hint";
      more.textContent = hint.textContent;
      option.append(more);
    }
    return option;
  }

  mark() {
    for (const option of this.list.children) {
      const here = Number(option.dataset.index) === this.active;
      option.setAttribute("aria-selected", String(here));
      if (here) option.scrollIntoView({ block: "nearest" });
    }
    this.input.setAttribute("aria-activedescendant", `${this.list.id}-${this.active}`);
  }

  pressed(event) {
    if (event.isComposing || this.list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      this.active = (this.active + (event.key === "ArrowDown" ? 1 : -1) + this.found.length) % this.found.length;
      this.mark();
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.choose(this.active);
    } else if (event.key === "Escape") {
      event.preventDefault();
      this.close();
    }
  }

  choose(index) {
    const box = this.found[index];
    const caret = this.input.selectionStart;
    const start = caret - this.typed().length;
    const after = this.input.value.slice(caret);
    this.input.setRangeText(box.dataset.name + (after.startsWith(" ") ? "" : " "), start, caret, "end");
    box.checked = true;
    const people = box.closest("details");
    if (people) people.open = true;
    this.close();
    this.input.focus();
  }

  close() {
    this.list.hidden = true;
    this.active = -1;
    this.input.removeAttribute("aria-activedescendant");
  }
}

for (const input of document.querySelectorAll("textarea[data-mentions]")) new Mentions(input);
