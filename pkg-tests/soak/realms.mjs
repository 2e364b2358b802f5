// The realms that the tabs of the soak work with.

import { renewsByLogin, requestOf } from "../support/realms.mjs";

/** One that renews by an endpoint, and two by logging in again, of which one has the same answer for a bad token and for a missing right. */
export const REALMS = ["gatego", "stockapi", "investgo"];

/** Access tokens live so long; another time after each restart of the server. */
export const LIFETIME_SECS = [5, 20];

/** Within this there is a renewal, if the tabs can have one. */
export const LONGEST_LIFETIME_MS = LIFETIME_SECS[1] * 1_000;

/** What of a realm the tabs and the faults have to know. */
export function realmOf(demo, proxy, realm) {
  const { mount, profile } = demo.realm(realm);
  const [renewal, byLogin] = [requestOf(realm, "renewal"), renewsByLogin(realm)];
  return { realm, mount, profile, baseUrl: proxy.address + mount, renewal, renewsByLogin: byLogin, credentials: demo.credentials(realm, "ada") };
}

/** Whether that request is one by which a tab of that realm renews. */
export const isRenewal = ({ mount, renewal }, { method, path }) => `${method} ${path}` === renewal.replace(" ", ` ${mount}`);
