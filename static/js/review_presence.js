/* Tells the server now and then that this plan is open here, and shows who else has it open. */
import { words } from "./review_words.js";

const EVERY = 20000; // milliseconds; the server counts on it

export function startPresence({ screen, chosen, tell }) {
  async function beat() {
    if (document.visibilityState !== "visible" || !screen()) return;
    const body = new FormData(document.getElementById("token"));
    body.set("task", chosen()?.dataset.chosen || "");
    try {
      const answer = await fetch(screen().dataset.presence, { method: "POST", body, headers: { Accept: "application/json" } });
      if (answer.redirected || !answer.headers.get("Content-Type")?.includes("json")) {
        if (answer.url.includes(screen().dataset.login)) tell(words.loggedOut, screen().dataset.login);
        return;
      }
      show(await answer.json());
    } catch {
      // The connection is gone for now; the next beat tries again.
    }
  }

  function show({ version, others }) {
    const place = document.getElementById("others");
    if (!place) return;
    const found = others.map((sentence) => {
      const one = document.createElement("span");
      one.className = "review-others__one";
      one.textContent = sentence;
      return one;
    });
    if (version > Number(screen().dataset.version)) {
      const fresh = document.createElement("a");
      fresh.href = location.href.replace(/#.*/, "");
      fresh.textContent = words.refresh;
      const news = document.createElement("span");
      news.className = "review-others__one";
      news.append(`${words.changed} `, fresh);
      found.push(news);
    }
    const said = found.map((one) => one.textContent).join("|");
    if (said !== [...place.children].map((one) => one.textContent).join("|")) place.replaceChildren(...found);
  }

  setInterval(beat, EVERY);
  document.addEventListener("visibilitychange", beat);
  beat();
}
