// What the app can see of a session: claims, user, the last answer, and the history of why.

import { h } from "./dom.js";
import { clockTime, epochTime, fromNow } from "./format.js";
import { told } from "./session.js";

const TIMES = ["iat", "nbf", "exp"];

/** @param {object} page what `app.js` shares with its panels */
export function showDetails(place, page) {
  const { auth } = page.session;
  const { claims, user } = auth.state;
  place.replaceChildren(
    part("claims", "Claims", claimList(claims), h("span", { class: "badge" }, "unverified: for display, the server verifies")),
    part("claims", "History: why was I signed out?", history(auth.history())),
    part("whole", "Last answer", answer(page)),
    part("whole", "User, as the login answered", json(user, "This API's login names no user; its endpoint does.")),
  );
}

const part = (name, title, content, ...beside) => h("section", { class: name }, h("h3", {}, title, ...beside), content);

function claimList(claims) {
  if (!claims) return h("p", { class: "note" }, "Nobody is signed in.");
  const pairs = Object.entries(claims).flatMap(([name, value]) => [h("dt", {}, h("code", {}, name)), claim(name, value)]);
  return h("dl", { class: "pairs" }, ...pairs);
}

function claim(name, value) {
  const raw = h("code", {}, typeof value === "string" ? value : JSON.stringify(value));
  if (!TIMES.includes(name) || typeof value !== "number") return h("dd", {}, raw);
  return h("dd", {}, raw, h("small", {}, `${epochTime(value)}, ${fromNow(value * 1000 - Date.now())}`));
}

function answer({ lastAnswer, session }) {
  if (lastAnswer === null) return h("p", { class: "note" }, `${session.api.profile} has not been called yet.`);
  const { path, status, text } = lastAnswer;
  return h("pre", { class: "json", tabindex: "0" }, `GET ${path}: ${status}\n${pretty(text)}`);
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text === "" ? "(empty)" : text;
  }
}

function json(value, otherwise) {
  if (value === undefined || value === null) return h("p", { class: "note" }, otherwise);
  return h("pre", { class: "json", tabindex: "0" }, JSON.stringify(value, null, 2));
}

function history(entries) {
  if (entries.length === 0) return h("p", { class: "note" }, "Nothing yet.");
  const line = ({ at, event, code }) => h("li", {}, h("time", {}, clockTime(at)), told(event)[0], code ? ` (${code})` : "");
  return h("ol", { class: "history", tabindex: "0" }, ...entries.toReversed().map(line));
}
