/* The form that adds a duty keeps its draft too: it is offered again after a lost connection or an expired log-in. */
import { draftOf, keepDraft, noteSent, showDrafts } from "./review_drafts.js";

const form = document.querySelector("form[data-draft]"); // it names the plan and the person itself
let soon = 0;

form.addEventListener("input", () => {
  clearTimeout(soon);
  soon = setTimeout(() => keepDraft(form, form), 300);
});
form.addEventListener("submit", (event) => {
  clearTimeout(soon);
  keepDraft(form, form);
  if (event.submitter?.value === "add") noteSent(form, form);
});

/* The server writes the form anew, with as many rows as the draft has. */
function restore(task) {
  const again = document.createElement("form");
  again.method = "post";
  again.action = form.action;
  const token = form.elements.namedItem("csrf_token");
  const entries = [...draftOf(form, task).entries, ["then", "show"], ...(token ? [["csrf_token", token.value]] : [])];
  for (const [name, value] of entries) {
    const field = document.createElement("textarea"); // it keeps line ends, an input does not
    field.name = name;
    field.value = value;
    again.append(field);
  }
  again.hidden = true;
  document.body.append(again);
  again.submit();
}

showDrafts(form, restore);
