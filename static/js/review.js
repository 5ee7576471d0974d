/* The review screen made smooth: choosing a duty swaps the page without losing the place in either pane. */
"use strict";

(() => {
  const main = document.getElementById("main");
  const screen = () => document.getElementById("review");
  const panes = () => [...document.querySelectorAll("[data-pane]")];
  const english = document.documentElement.lang === "en";
  const words = {
    unsaved: english ? "What you typed for this task is not saved. Leave it?" : "Nội dung đang sửa chưa được lưu. Bỏ qua?",
    notSaved: english
      ? "Not saved: the server did not take it. What you typed is still here. Check that you are logged in, then save again."
      : "Chưa lưu được: máy chủ không nhận. Nội dung bạn nhập vẫn còn ở đây. Hãy kiểm tra đăng nhập rồi lưu lại.",
    add: english ? "Add the selected words as a task" : "Thêm đoạn đã chọn thành nhiệm vụ",
  };
  let dirty = false;
  let asked = 0;

  /* A pane scrolls alone, and only when what matters is not in sight. */
  function reveal(pane, thing, share, enough, smoothly) {
    if (!pane || !thing || getComputedStyle(pane).overflowY !== "auto") return;
    const box = pane.getBoundingClientRect();
    const place = thing.getBoundingClientRect();
    const top = place.top - box.top;
    if (top >= 0 && top < box.height * enough) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    pane.scrollTo({ top: pane.scrollTop + top - box.height * share, behavior: smoothly && !calm ? "smooth" : "auto" });
  }

  function show() {
    reveal(document.getElementById("text"), document.getElementById("mark"), 0.3, 0.6, true);
    reveal(document.getElementById("duties"), document.querySelector("[data-chosen]"), 0.02, 0.2, false);
  }

  /* Who works through the list wants both panes whole. */
  function fill() {
    const review = document.querySelector(".review");
    if (review && !isStacked() && review.getBoundingClientRect().top > 12) review.scrollIntoView();
  }

  function isStacked() {
    const pane = document.getElementById("duties");
    return !pane || getComputedStyle(pane).overflowY !== "auto";
  }

  /* Put the answer in the place of the page, and leave both panes where they were. */
  function put(html, url, remember, unsaved) {
    const answer = new DOMParser().parseFromString(html, "text/html");
    if (!answer.getElementById("review")) {
      dirty = false;
      location.assign(url);
      return;
    }
    const places = new Map(panes().map((pane) => [pane.id, pane.scrollTop]));
    const page = window.scrollY;
    main.replaceChildren(...answer.getElementById("main").childNodes);
    document.title = answer.title;
    for (const pane of panes()) pane.scrollTop = places.get(pane.id) || 0;
    const chosen = document.querySelector("[data-chosen]");
    if (remember) history.pushState({}, "", url.replace(/#.*/, "") + (chosen ? `#${chosen.id}` : ""));
    dirty = unsaved;
    screen().dispatchEvent(new Event("combobox:add", { bubbles: true }));
    if (isStacked()) document.querySelector("[data-chosen]")?.scrollIntoView();
    else window.scrollTo(0, page);
    fill();
    show();
    const problem = document.querySelector("[data-chosen] .alert, [data-chosen] [aria-invalid]");
    if (problem) problem.scrollIntoView({ block: "nearest" });
  }

  async function fetchPage(url, options, remember) {
    const number = (asked += 1);
    try {
      const answer = await fetch(url, { ...options, headers: { Accept: "text/html" } });
      const html = await answer.text();
      if (number !== asked) return true;
      if (options.method && (!answer.ok || answer.redirected) && !html.includes('id="review"') && !isPlan(answer)) {
        tell(words.notSaved);
        return false;
      }
      // What was refused is no page of its own: the address stays that of the screen.
      const unsaved = Boolean(options.method) && !answer.redirected;
      put(html, unsaved ? location.href : answer.url, remember, unsaved);
      return true;
    } catch {
      if (options.method) throw new Error("not sent");
      location.assign(url);
    }
  }

  const isPlan = (answer) => answer.ok && /\/plans\/\d+$/.test(new URL(answer.url).pathname);

  /* What could not be saved is said beside the form, which keeps every word. */
  function tell(message) {
    const chosen = document.querySelector("[data-chosen]");
    if (!chosen) return;
    document.getElementById("not-saved")?.remove();
    const box = document.createElement("div");
    box.id = "not-saved";
    box.className = "alert alert-danger";
    box.setAttribute("role", "alert");
    box.textContent = message;
    chosen.prepend(box);
    box.scrollIntoView({ block: "nearest" });
  }

  const mayLeave = () => !dirty || confirm(words.unsaved);

  document.addEventListener("click", (event) => {
    const link = event.target.closest("#review a[href]");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const url = new URL(link.href);
    if (url.pathname !== location.pathname) return;
    if (link.getAttribute("href").startsWith("#")) return;
    if (String(getSelection()).trim() && link.classList.contains("said")) {
      event.preventDefault(); // selecting words is not a choice
      return;
    }
    event.preventDefault();
    if (mayLeave()) fetchPage(url.href, {}, true);
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.closest("#review") || form.method.toLowerCase() !== "post") return;
    event.preventDefault(); // before app.js: this page stays
    if (form.dataset.going) return;
    form.dataset.going = "yes";
    fetchPage(form.action, { method: "POST", body: new FormData(form, event.submitter) }, true)
      .catch(() => tell(words.notSaved))
      .finally(() => delete form.dataset.going);
  }, true);

  document.addEventListener("input", (event) => {
    if (event.target.closest("[data-guard]")) dirty = true;
  });
  addEventListener("beforeunload", (event) => {
    if (dirty) event.preventDefault();
  });
  addEventListener("popstate", () => fetchPage(location.href, {}, false));

  /* j and k walk the list, n the doubtful ones; Ctrl+Enter saves and goes on. */
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || !screen()) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const button = event.target.closest("[data-guard]")?.querySelector("button[value=next]");
      if (button) button.click();
      return;
    }
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const link = document.querySelector(`[data-chosen] [data-key="${CSS.escape(event.key)}"]`);
    if (link) {
      event.preventDefault();
      link.click();
    }
  });

  /* Words selected in the text can become a duty. */
  const add = document.createElement("a");
  add.className = "btn btn-primary add-selection";
  add.textContent = words.add;
  add.hidden = true;
  document.body.append(add);
  document.addEventListener("selectionchange", () => {
    const chosen = getSelection();
    const text = String(chosen).trim();
    const pane = document.getElementById("text");
    const here = text.length > 20 && pane && chosen.anchorNode && pane.contains(chosen.anchorNode) && pane.contains(chosen.focusNode);
    add.hidden = !here;
    if (!here) return;
    const base = document.querySelector("[data-add]");
    const url = new URL(base.href);
    url.searchParams.set("text", text.slice(0, 4000));
    add.href = url.href;
  });

  show();
})();
