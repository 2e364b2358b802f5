// The last typed error, as the app's own code would catch it.

import { AuthError } from "relatch";
import { h } from "./dom.js";

const SAYS = {
  "bad-credentials": "Identifier and password do not belong together. This API does not say which is wrong.",
  "unknown-user": "There is no such account.",
  "wrong-password": "The account exists, the password is wrong.",
  "account-disabled": "The account has been disabled.",
  "account-not-validated": "The account has not confirmed its address yet.",
  "account-locked": "The account is locked for a while.",
  "invalid-request": "The API refuses the request as it is; the reason says why.",
  "rate-limited": "Too many requests. Trying again later makes sense.",
  "server-error": "The server failed. The session stays.",
  network: "No answer came. The session stays.",
  timeout: "No answer came in time. The session stays.",
  "unexpected-answer": "The server said something its dialect does not know. The session stays.",
  "login-required": "Nobody is signed in any more.",
  "session-changed": "Somebody else is signed in by now; the call of before was not sent in their name.",
  "session-ended": "The server ended the session.",
  aborted: "The caller stopped waiting.",
};

const NATIVE = "Not an AuthError: a call that gets no answer rejects as the platform's own fetch does, and the session stays.";
const EMPTY = "No error yet. Try a wrong password, log in as Dora, or stop the server's answers.";

/** Shows an error, or with `null` that there was none; `actions` are buttons for what can be done about it. */
export function showError(place, error, actions = []) {
  if (error === null) return place.replaceChildren(h("p", { class: "note" }, EMPTY));
  const said = h("p", {}, SAYS[error.code] ?? error.message);
  if (!(error instanceof AuthError)) return place.replaceChildren(said, h("p", { class: "note" }, NATIVE));
  place.replaceChildren(said, h("dl", { class: "pairs" }, ...pairs(error)), h("div", { class: "row" }, ...actions));
}

function pairs({ code, reason, retryable, status, retryAfterMs, details }) {
  return [
    ...pair("code", h("code", { class: "error-code" }, code)),
    ...(reason === undefined ? [] : pair("reason", h("code", {}, reason))),
    ...pair("retryable", h("code", {}, retryAfterMs === undefined ? String(retryable) : `${retryable}, in ${retryAfterMs} ms`)),
    ...pair("status", h("code", {}, status === undefined ? "none: no answer" : String(status))),
    ...pair("details", h("code", {}, JSON.stringify(details ?? {}))),
  ];
}

const pair = (name, value) => [h("dt", {}, name), h("dd", {}, value)];
