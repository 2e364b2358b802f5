// The signed-in face of the session card: the countdown, who it is, and calls with this session.

import { callsPanel } from "./calls-panel.js";
import { h, setText, svg } from "./dom.js";
import { countdown } from "./format.js";
import { nameOf } from "./user.js";

const RING = { cx: 50, cy: 50, r: 45, pathLength: 100 };

/**
 * @param {object} page what `app.js` shares with its panels
 * @returns {{ element: HTMLElement, tick: () => void }} `tick` redraws what moves with time
 */
export function sessionPanel(page) {
  const ring = clock();
  const facts = factList();
  const calls = callsPanel(page);
  const tick = () => {
    ring.show(page.session);
    facts.show(page);
  };
  tick();
  const out = h("button", { type: "button", onclick: page.logout }, "Sign out");
  const renew = h("button", { type: "button", onclick: page.renew }, "Renew now");
  const element = h(
    "div",
    { class: "signed-in" },
    h("div", { class: "clock" }, ring.element, facts.element),
    calls,
    h("div", { class: "row" }, renew, out),
  );
  return { element, tick };
}

function clock() {
  const left = svg("circle", { ...RING, class: "left", "stroke-dasharray": "100 100" });
  const drawing = svg("svg", { viewBox: "0 0 100 100", "aria-hidden": "true" });
  drawing.append(svg("circle", RING), left);
  const time = h("b", { role: "timer" });
  const element = h("div", { class: "ring" }, drawing, h("p", {}, time, "until the", h("br"), "token ends"));
  const show = ({ api, auth }) => {
    if (auth.state.status !== "signed-in") return;
    const ms = auth.state.expiresAt === null ? 0 : auth.state.expiresAt - Date.now();
    const share = Math.min(1, Math.max(0, ms / (api.lifetime_secs * 1000)));
    const text = countdown(ms);
    setText(time, text);
    time.className = text.length > 5 ? "long" : "";
    left.setAttribute("stroke-dasharray", `${(share * 100).toFixed(2)} 100`);
    left.dataset.low = String(share < 0.2);
  };
  return { element, show };
}

function factList() {
  const [who, renewals, token] = [h("dd"), h("dd"), h("dd")];
  const pair = (name, value) => h("div", {}, h("dt", {}, name), value);
  const element = h("dl", { class: "facts" }, pair("Signed in as", who), pair("Renewals", renewals), pair("Now carrying", token));
  const show = ({ session, account }) => {
    const { journal } = session;
    setText(who, nameOf(session.auth.state) ?? account.username);
    setText(renewals, String(journal.renewals));
    setText(token, `token ${journal.tokens.at(-1)?.number ?? 1}`);
  };
  return { element, show };
}
