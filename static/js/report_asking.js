/*
 * Asking the server on behalf of a report form. Every answer is one of: {ok}, {refused}, {expired}, {lost}.
 * After a new log-in in another window the page's token is old; the server gives a new one, and it is asked once more,
 * but never for another person than the one who typed.
 */
export const tokenOf = (form) => form.querySelector("[name=csrf_token]")?.value || "";

/* The server's "not with this token": take the new one when the same person is logged in. */
export function renewed(form, answer) {
  if (!answer || !answer.token) return false;
  if (String(answer.user) !== form.dataset.user) return false;
  for (const field of form.querySelectorAll("[name=csrf_token]")) field.value = answer.token;
  return true;
}

export async function ask(form, address, body, { json = false, again = true } = {}) {
  const headers = { "X-Requested-With": "fetch", "X-CSRFToken": tokenOf(form), Accept: "application/json" };
  if (json) headers["Content-Type"] = "application/json";
  if (body instanceof FormData && body.has("csrf_token")) body.set("csrf_token", tokenOf(form));
  let answer;
  try {
    answer = await fetch(address, { method: "POST", headers, body: json ? JSON.stringify(body) : body, credentials: "same-origin" });
  } catch {
    return { kind: "lost" };
  }
  if (answer.status === 401) return { kind: "expired" };
  const isJson = (answer.headers.get("Content-Type") || "").startsWith("application/json");
  let said;
  try {
    said = isJson ? await answer.json() : await answer.text();
  } catch {
    return { kind: "lost" };
  }
  if (isJson && said.token) {
    if (!renewed(form, said)) return { kind: "other" };
    return again ? ask(form, address, body, { json, again: false }) : { kind: "refused", status: answer.status, said };
  }
  return { kind: answer.ok && isJson ? "ok" : "refused", status: answer.status, said, isJson };
}
