// The live log: one line for each burst of equal requests, each event, each thing the visitor did.

import { h, setText } from "./dom.js";
import { clockTime } from "./format.js";

const STICKS_PX = 40;

/** Shows a journal in a scrolling place; the newest line stays in sight unless the visitor has scrolled up. */
export function showLog(place, journal) {
  const rows = new Map();
  const show = (entry) => {
    const stuck = place.scrollHeight - place.scrollTop - place.clientHeight < STICKS_PX;
    if (!rows.has(entry)) rows.set(entry, append(place, rows, journal, entry));
    rows.get(entry)();
    if (stuck) place.scrollTop = place.scrollHeight;
  };
  place.replaceChildren();
  journal.entries.forEach(show);
  journal.listen(show);
}

// The journal forgets its oldest entries; so does the page.
function append(place, rows, journal, entry) {
  const [element, update] = entry.kind === "request" ? requestRow(entry) : noteRow(entry);
  place.append(element);
  while (rows.size > journal.entries.length) forgetOldest(place, rows);
  return update;
}

function forgetOldest(place, rows) {
  rows.delete(rows.keys().next().value);
  place.firstElementChild.remove();
}

const time = (entry) => h("time", {}, clockTime(entry.at));

function noteRow(entry) {
  const times = h("span", { class: "times" });
  const what = h("span", { class: `what tone-${entry.tone}` }, `${entry.text} `, times);
  const update = () => setText(times, entry.times > 1 ? `×${entry.times}` : "");
  return [h("div", { class: `log-row ${entry.kind}` }, time(entry), what), update];
}

function requestRow(entry) {
  const [times, status, took] = [
    h("span", { class: "times" }),
    h("span", { class: "status-code" }),
    h("span", { class: "took" }),
  ];
  const what = h("span", { class: "what" }, `${entry.method} ${entry.path} `, times);
  const carried = h("span", { class: "with" }, entry.token === null ? "" : `token ${entry.token}`);
  const update = () => {
    setText(times, entry.calls.length > 1 ? `×${entry.calls.length}` : "");
    setText(status, statuses(entry));
    setText(took, duration(entry));
    status.className = `status-code tone-${tone(entry)}`;
  };
  return [h("div", { class: "log-row request" }, time(entry), what, carried, h("span", {}, status, " ", took)), update];
}

// `200`, `401 ×3 200 ×17`, `…`
function statuses({ calls }) {
  const seen = new Map();
  for (const { status } of calls) seen.set(status ?? "…", (seen.get(status ?? "…") ?? 0) + 1);
  const alone = seen.size === 1;
  return [...seen].map(([status, n]) => (alone ? String(status) : `${status} ×${n}`)).join(" ");
}

function duration({ calls }) {
  const slowest = Math.max(...calls.map((call) => call.ms ?? 0));
  return slowest === 0 ? "" : `${Math.round(slowest)} ms`;
}

/** How a request's end looks: `ok`, `warn` for an answer that refuses, `bad` for none, `plain` while it waits. */
export function tone({ calls }) {
  const worst = calls.map((call) => toneOf(call.status));
  return ["bad", "warn", "plain"].find((it) => worst.includes(it)) ?? "ok";
}

/** Likewise of one status. */
export function toneOf(status) {
  if (status === null) return "plain";
  if (typeof status !== "number" || status >= 500) return "bad";
  return status >= 400 ? "warn" : "ok";
}
