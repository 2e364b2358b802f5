// The five APIs, as the page needs them: what the demo server says of a realm, with the dialect of that name.

import * as dialects from "relatch/dialects";

/** @param {object} realm one of `GET /demo/config` */
export function describe(realm) {
  const dialect = dialects[realm.name];
  return {
    ...realm,
    dialect: withLifetime(dialect, realm.lifetime_secs),
    baseUrl: location.origin + realm.mount,
    loginPath: dialect.login.request.path,
    renewalSentence: renewalSentence(dialect),
    isVague: dialect.refusals.some((it) => it.means === "token-expired-or-forbidden"),
  };
}

/** What sets a demo account apart: `ADMIN`, `USER, disabled`. */
export const noteOf = ({ roles, enabled, validated }) =>
  [...roles, ...(enabled ? [] : ["disabled"]), ...(validated ? [] : ["not validated"])].at(-1) ?? "";

// A deployment with other lifetimes than its dialect's overrides that one member; the demo does so for `--lifetime`.
const withLifetime = (dialect, secs) => ({ ...dialect, expires: { ...dialect.expires, after_secs: secs } });

function renewalSentence({ renew }) {
  if (typeof renew === "object") return `renews by ${renew.request.method} ${renew.request.path}`;
  return "has no renewal: another login instead";
}
