/* Naming people in a thread: @ and some letters offer who may be named; choosing ticks the box that names them. */
"use strict";

/* Letters without their marks, so that "lan" finds "Lan" and "Hùng" is found by "hung". */
function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase();
}

class Mentions extends OptionList {
  constructor(input) {
    // A text box of several lines stays a text box: the list is told of beside it.
    super(input, `${input.id}-names`, document.documentElement.lang === "en" ? "Name a person" : "Nhắc tên");
    this.people = [...input.form.querySelectorAll(`input[type=checkbox][name="${input.dataset.mentions}"]`)].map((box) => ({
      box,
      label: box.dataset.name,
      hint: box.labels[0] && box.labels[0].querySelector("span")?.textContent,
    }));
    input.addEventListener("input", () => this.look());
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
    const found = this.people.filter(({ label }) => !words || plain(label).split(" ").some((_word, place, all) => all.slice(place).join(" ").startsWith(key)));
    if (found.length) this.show(found, 0);
    else this.close();
  }

  choose({ box, label }) {
    const caret = this.input.selectionStart;
    const start = caret - this.typed().length;
    const after = this.input.value.slice(caret);
    this.input.setRangeText(label + (after.startsWith(" ") ? "" : " "), start, caret, "end");
    box.checked = true;
    const people = box.closest("details");
    if (people) people.open = true;
    this.close();
    this.input.focus();
  }
}

for (const input of document.querySelectorAll("textarea[data-mentions]")) new Mentions(input);
