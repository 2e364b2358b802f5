// The dialog behind `onLoginRequired`: calls are parked while it is open, and go on with what it gives.

import { h } from "./dom.js";

const WHY = {
  expired: "The token has ended and this API has no renewal.",
  "credentials-refused": "The server refused these credentials: try once more.",
};

/**
 * Asks for the password.
 * @returns {Promise<{ identifier: string, password: string } | null>} `null` if the visitor declined, or nobody waits any more
 */
export function askLogin(page, { reason, signal }) {
  const identifier = h("input", { type: "text", autocomplete: "username", required: true });
  const password = h("input", { type: "password", autocomplete: "current-password", required: true, autofocus: true });
  identifier.value = page.account.identifier;
  password.value = page.password;
  const dialog = build(reason, identifier, password);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "login" ? { identifier: identifier.value, password: password.value } : null);
    });
    signal?.addEventListener("abort", () => dialog.close(""));
    document.body.append(dialog);
    dialog.showModal();
  });
}

function build(reason, identifier, password) {
  const field = (label, input) => h("label", {}, h("span", { class: "label" }, label), input);
  const form = h(
    "form",
    { method: "dialog" },
    h("h2", { id: "ask-title" }, "Your session needs your password again"),
    h("p", { class: "note" }, `${WHY[reason] ?? WHY.expired} Your calls wait here and go on afterwards.`),
    field("Account", identifier),
    field("Password", password),
    h(
      "div",
      { class: "row" },
      h("button", { class: "primary", value: "login" }, "Go on"),
      h("button", { value: "", formnovalidate: true }, "Not now"),
    ),
  );
  return h("dialog", { "aria-labelledby": "ask-title" }, form);
}
