// GateGo's way out of `account-not-validated`: ask for the letter again, read it in the demo's outbox, validate.

import * as server from "./demo-server.js";
import { h } from "./dom.js";

/** The buttons for an `account-not-validated` error; none for other errors. */
export function validationActions(page, error) {
  if (error?.code !== "account-not-validated") return [];
  const resend = () => page.attempt("Asked for the letter again", () => perform(page, "resend-validation", resendCode(error)));
  const validate = () =>
    page.attempt("Account validated with the code from the letter: log in again", () => validated(page, error));
  return [
    h("button", { type: "button", onclick: resend }, "Send the letter again"),
    h("button", { type: "button", onclick: validate }, "Read it and validate"),
  ];
}

const resendCode = ({ details }) => ({ resend_code: details.resend_code });
const perform = (page, operation, values) => page.session.auth.perform(operation, values);

async function validated(page, error) {
  if ((await newest(page)) === undefined) await perform(page, "resend-validation", resendCode(error));
  const { code } = await newest(page);
  await perform(page, "validate", { code, password: page.password });
}

async function newest(page) {
  const letters = await server.outbox(page.session.api.name);
  return letters.findLast((it) => it.kind === "validation");
}
