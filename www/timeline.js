// The strip that moves with time: which token was good when, which calls were answered, when a new token came.

import { svg } from "./dom.js";
import { toneOf } from "./log-panel.js";

const LANE = { token: 14, bar: 26, refused: 54, answered: 74, axis: 92 };
const NOW_AT = 0.68;
const DOT = { ok: "dot-ok", warn: "dot-refused", bad: "dot-failed", plain: "dot-waiting" };

/** @returns {() => void} redraws it for this moment */
export function timeline(place, page) {
  const drawing = svg("svg", { role: "img" });
  place.replaceChildren(drawing);
  return () => {
    const { session } = page;
    const scale = scaleFor(place.clientWidth, session.api.lifetime_secs);
    drawing.setAttribute("aria-label", `Tokens and calls over time: ${session.journal.tokens.length} tokens so far`);
    drawing.replaceChildren(
      ...frame(scale),
      ...session.journal.tokens.flatMap((it) => bar(it, scale)),
      ...dots(session.journal, scale),
      nowLine(scale),
    );
  };
}

// Three lifetimes are in sight, but never less than a minute nor more than three: markers have to move.
function scaleFor(width, lifetimeSecs) {
  const past = Math.min(180, Math.max(60, lifetimeSecs * 3)) * 1000;
  const now = Date.now();
  const x = (at) => width * NOW_AT + ((at - now) * width * NOW_AT) / past;
  return { width, past, now, x, clamp: (at) => Math.min(width, Math.max(0, x(at))) };
}

function frame({ width, past, x, now }) {
  const line = svg("line", { class: "lane", x1: 0, x2: width, y1: LANE.axis, y2: LANE.axis });
  const step = past > 90_000 ? 60_000 : 20_000;
  const marks = [];
  for (let ago = step; ago <= past - step / 4; ago += step) marks.push(text(x(now - ago), 106, `${ago / 1000} s ago`, "middle"));
  return [line, ...marks, text(x(now), 106, "now", "middle")];
}

function nowLine({ x, now }) {
  return svg("line", { class: "now", x1: x(now), x2: x(now), y1: 8, y2: LANE.axis });
}

function bar(token, scale) {
  const end = token.replaced ?? token.until ?? Infinity;
  const [left, middle, right] = [scale.clamp(token.from), scale.clamp(Math.min(end, scale.now)), scale.clamp(end)];
  if (right <= 0) return [];
  const parts = [rect("token", left, middle), rect("token future", middle, token.replaced === null ? right : middle)];
  if (middle - left > 52) parts.push(text(left + 8, LANE.token + 17, `token ${token.number}`, "start", "on-token"));
  if (token.number > 1 && scale.x(token.from) > 0) parts.push(diamond(scale.x(token.from)));
  return parts;
}

const rect = (name, left, right) =>
  svg("rect", { class: name, x: left + 1, y: LANE.token, width: Math.max(0, right - left - 2), height: LANE.bar, rx: 4 });

const diamond = (x) => svg("path", { class: "renewal", d: `M${x} ${LANE.token - 7}l6 6l-6 6l-6 -6z` });

function dots(journal, scale) {
  const calls = journal.entries.filter((it) => it.kind === "request" && it.token !== null).flatMap((it) => it.calls);
  const seen = calls.filter((call) => call.at > scale.now - scale.past);
  return seen.map((call, n) => dot(call, n, scale));
}

// Calls of one moment would cover each other, so they are spread over their lane.
function dot(call, n, { x }) {
  const tone = toneOf(call.status);
  const [lane, spread] = tone === "ok" ? [LANE.answered, 16] : [LANE.refused, 12];
  return svg("circle", { class: DOT[tone], cx: x(call.at), cy: lane + ((n * 7) % spread) - spread / 2, r: 3 });
}

function text(x, y, content, anchor, name = "") {
  const element = svg("text", { x, y, "text-anchor": anchor, class: name });
  element.textContent = content;
  return element;
}
