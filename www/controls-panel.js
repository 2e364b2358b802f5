// What a visitor can do to the server and to the session, to see that it holds.

import * as server from "./demo-server.js";
import { byId, h } from "./dom.js";

const MODES = [
  ["normal", "Normal"],
  ["stop", "Silent"],
  ["drop", "Drops"],
  ["error", "503"],
  ["rate-limit", "429"],
];

/** @param {object} page what `app.js` shares with its panels */
export function showControls(page) {
  const title = byId("controls-title");
  byId("controls").replaceChildren(title, serverActions(page), answerModes(page), choices(page));
}

function serverActions(page) {
  const realm = page.session.api.name;
  const account = (enabled) => () => {
    const { username } = page.account;
    page.attempt(`${username}'s account ${enabled ? "enabled" : "disabled"}`, () => server.setAccount(realm, username, enabled));
  };
  const expire = () => page.attempt("Token expired, on the server alone", () => server.expire(realm));
  const end = () => page.attempt("Session ended, on the server alone", () => server.endSessions(realm));
  return h(
    "div",
    { class: "acts" },
    h("button", { type: "button", onclick: expire }, "Expire the token"),
    h("button", { type: "button", onclick: end }, "End the session"),
    h("button", { type: "button", onclick: account(false) }, "Disable account"),
    h("button", { type: "button", onclick: account(true) }, "Enable account"),
  );
}

function answerModes(page) {
  const set = (mode, label) => () => {
    page.session.wire.cut();
    page.attempt(`The server from now on: ${label.toLowerCase()}`, () => server.setAnswers(page.session.api.name, mode));
  };
  const choice = ([mode, label]) => {
    const input = h("input", {
      type: "radio",
      name: "answers",
      value: mode,
      checked: mode === "normal",
      // Not `change`: whoever reloads while the server is silent finds this one chosen, and has to be able to choose it.
      onclick: set(mode, label),
    });
    return h("label", { class: "choice" }, input, label);
  };
  return h(
    "fieldset",
    {},
    h("legend", {}, "What the server does with requests"),
    h("div", { class: "choices" }, ...MODES.map(choice)),
  );
}

function choices(page) {
  const check = (name, label, note) => {
    const change = (event) => page.choose({ [name]: event.target.checked });
    const input = h("input", { type: "checkbox", checked: page.choices[name], onchange: change });
    return h("label", { class: "check" }, input, label, h("small", {}, note));
  };
  const legend =
    page.session.api.renewal === "endpoint"
      ? "If its renewal should be refused"
      : "This API has no renewal. When the token ends:";
  return h(
    "fieldset",
    {},
    h("legend", {}, legend),
    check(
      "keepPassword",
      "Log in again with the password kept in memory",
      "From the next login on, in this tab; gone after a reload.",
    ),
    check("ask", "Otherwise ask me, while the calls wait", "A dialog opens; the calls go on after it."),
  );
}
