/* Words selected in the plan's text can become a duty: the server is told where they stand. */
import { words } from "./review_words.js";

/* Letters of the text before a place in it; every line of the pane is one line of the text. */
function lettersBefore(lines, node, at) {
  const line = (node instanceof Element ? node : node.parentElement)?.closest(".line");
  if (!line) return null;
  const range = document.createRange();
  range.selectNodeContents(lines);
  range.setEnd(node, at);
  return [...range.toString()].length + Number(line.id.slice(1));
}

export function startSelection() {
  const add = document.createElement("a");
  add.className = "btn btn-primary add-selection";
  add.textContent = words.add;
  add.hidden = true;
  document.body.append(add);
  document.addEventListener("selectionchange", () => {
    const lines = document.getElementById("lines");
    const chosen = getSelection();
    add.hidden = true;
    if (!lines || !chosen.rangeCount || String(chosen).trim().length < 10) return;
    const range = chosen.getRangeAt(0);
    if (!lines.contains(range.startContainer) || !lines.contains(range.endContainer)) return;
    const start = lettersBefore(lines, range.startContainer, range.startOffset);
    const end = lettersBefore(lines, range.endContainer, range.endOffset);
    if (start === null || end === null) return;
    const url = new URL(document.querySelector("[data-add]").href);
    url.searchParams.set("start", start);
    url.searchParams.set("end", end);
    add.href = url.href;
    add.hidden = false;
  });
}
