// The signed-out face of the session card: which account, its password, and two ways to try them.

import { noteOf } from "./apis.js";
import { byId, h } from "./dom.js";
import { duration } from "./format.js";
import { told } from "./session.js";

/**
 * @param {object} page what `app.js` shares with its panels
 * @returns {HTMLElement}
 */
export function loginPanel(page) {
  const { api } = page.session;
  const identifier = h("input", {
    id: "identifier",
    type: "text",
    autocomplete: "username",
    spellcheck: "false",
    required: true,
  });
  const password = h("input", { id: "password", type: "password", autocomplete: "current-password", required: true });
  const choose = (account) => {
    page.account = account;
    identifier.value = account.identifier;
    password.value = page.password;
  };
  choose(page.account);
  const submit = (event) => {
    event.preventDefault();
    page.login(identifier.value, password.value);
  };
  return h(
    "form",
    { class: "login", onsubmit: submit },
    reason(page.session.auth.state),
    accountChoices(page, choose),
    field(api.identifier === "email" ? "Email" : "Username", identifier),
    field("Password", password),
    h(
      "div",
      { class: "row" },
      h("button", { class: "primary", type: "submit" }, "Log in"),
      h("button", { type: "button", onclick: () => page.login(identifier.value, "not the password") }, "With a wrong password"),
    ),
    h(
      "p",
      { class: "note" },
      `${api.title}: POST ${api.loginPath}, tokens of ${duration(api.lifetime_secs)}; ${api.renewalSentence}.`,
    ),
  );
}

/** Puts the keyboard where the next step is. */
export const focusLogin = () => byId("identifier")?.focus();

function reason({ ended }) {
  if (!ended) return h("p", { class: "reason" }, "Nobody is signed in. The demo password is filled in; choose who you are.");
  const [text] = told(ended);
  return h("p", { class: ended === "signed-out" ? "reason" : "reason ended" }, `${text}.`);
}

function accountChoices(page, choose) {
  const choice = (account) => {
    const checked = account.username === page.account.username;
    const input = h("input", {
      type: "radio",
      name: "account",
      value: account.username,
      checked,
      onchange: () => choose(account),
    });
    return h("label", { class: "choice" }, input, capital(account.username), h("small", {}, noteOf(account)));
  };
  return h("fieldset", {}, h("legend", {}, "Account"), h("div", { class: "choices" }, ...page.session.api.accounts.map(choice)));
}

const capital = (name) => name[0].toUpperCase() + name.slice(1);
const field = (label, input) => h("label", {}, h("span", { class: "label" }, label), input);
