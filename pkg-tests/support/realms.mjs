// The demo's five realms and the documents by which they speak.

import { readFileSync } from "node:fs";

const FOLDER = new URL("../../dialects/documents/", import.meta.url);

export const REALMS = ["investgo", "apitickets", "stockapi", "gatego", "integra"];
const documents = new Map(REALMS.map((name) => [name, JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf8"))]));

/** Whether another login is the only renewal there is. */
export const renewsByLogin = (realm) => documents.get(realm).renew === "login";

/** Whether a refusal tells a token that has ended from a right that is missing. */
export const tellsExpiry = (realm) => documents.get(realm).refusals.every((it) => it.means !== "token-expired-or-forbidden");

/** How the demo's counts name a request of that realm: `login`, `renewal` or `logout`, or an operation's name. */
export function requestOf(realm, place) {
  const { login, renew, operations } = documents.get(realm);
  const { request } = { login, renewal: renew === "login" ? login : renew, ...operations }[place];
  return `${request.method} ${request.path}`;
}
