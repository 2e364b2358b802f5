// Calls to the protected endpoint: one, or twenty at the same moment.

import { h } from "./dom.js";
import { count } from "./format.js";

const MANY = 20;
const VAGUE = " This API's 403 may mean a missing right as well, so that nobody is asked to log in because of it.";

/** @param {object} page what `app.js` shares with its panels */
export function callsPanel(page) {
  const { profile, guarded } = page.session.api;
  const dots = Array.from({ length: MANY }, () => h("span", { class: "dot" }));
  const outcome = h(
    "p",
    { class: "outcome" },
    `Nothing called yet. ${profile} wants a good token, ${guarded} the highest role as well.`,
  );
  const run = (path, times) => () => burst({ page, path, dots, outcome, times });
  return h(
    "div",
    { class: "login" },
    h(
      "div",
      { class: "row" },
      h("button", { class: "primary", type: "button", onclick: run(profile, 1) }, `Call ${profile}`),
      h("button", { class: "primary", type: "button", onclick: run(profile, MANY) }, `${MANY} times at once`),
      h("button", { type: "button", onclick: run(guarded, 1) }, `Call ${guarded}`),
    ),
    h("div", { class: "dots", "aria-hidden": "true" }, ...dots),
    outcome,
  );
}

async function burst({ page, path, dots, outcome, times }) {
  for (const dot of dots) delete dot.dataset.result;
  outcome.textContent = `${count(times, "call")} under way…`;
  const [started, renewals] = [performance.now(), page.session.journal.renewals];
  const ends = await Promise.all(dots.slice(0, times).map((dot) => one(page, path, dot)));
  const ms = Math.round(performance.now() - started);
  await later();
  const text = `${summary(ends)}, `;
  const renewed = h("strong", {}, renewalCount(page.session.journal.renewals - renewals));
  outcome.replaceChildren(text, renewed, `, ${ms} ms in all.`, page.session.api.isVague && ends.includes(403) ? VAGUE : "");
  page.view.say(text + renewed.textContent);
}

/** `20 of 20 succeeded`, `0 of 1 succeeded (503)`. */
function summary(ends) {
  const others = new Set(ends.filter((end) => end !== null));
  const good = ends.filter((end) => end === null).length;
  return `${good} of ${ends.length} succeeded${others.size === 0 ? "" : ` (${[...others].join(", ")})`}`;
}

const renewalCount = (n) => (n === 0 ? "no renewal" : count(n, "renewal"));

// `null` for success, else the status or the error's code.
async function one(page, path, dot) {
  dot.dataset.result = "waiting";
  const end = await page.call(path).then((response) => (response.ok ? null : response.status), page.fail);
  dot.dataset.result = end === null ? "ok" : "failed";
  return end;
}

// Listeners run after the calls that waited have been answered; the count is read when they have.
const later = () => new Promise((resolve) => setTimeout(resolve, 0));
