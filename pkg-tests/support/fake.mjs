// A client at a fake API, for the tests of `relatch/testing`; everything is put back after each test.

import { afterEach } from "node:test";
import { createClient } from "relatch";
import { fakeApi, installClock } from "relatch/testing";

export const BASE_URL = "https://api.example.com/v1";
export const ADA = { identifier: "ada", password: "correct horse 9" };
export const GRACE = { identifier: "grace", password: "another horse 7" };

const undo = [];
afterEach(() => {
  for (const it of undo.splice(0).reverse()) it();
});

/** Registers what puts something back. */
export const later = (it) => void undo.push(it);

export function movableClock(options) {
  const clock = installClock(options);
  later(clock.uninstall);
  return clock;
}

/** A client that is not signed in. */
export function clientAt(api, dialect, options = {}) {
  const auth = createClient({ dialect, baseUrl: BASE_URL, storage: "memory", fetch: api.fetch, ...options });
  later(auth.dispose);
  return auth;
}

/** A fake API that greets whoever calls `/orders`, and Ada's client at it, signed in. */
export async function signedIn(dialect, { client, ...options } = {}) {
  const api = apiOf(dialect, options);
  const auth = clientAt(api, dialect, client);
  await auth.login(ADA);
  return { api, auth };
}

export const apiOf = (dialect, options) =>
  fakeApi({ dialect, baseUrl: BASE_URL, users: [ADA, GRACE], calls: (_, { name, context }) => ({ name, context }), ...options });

/** The code that something rejects with; `null` if it does not. */
export const codeOf = (promise) => promise.then(() => null, (error) => error.code ?? error.name);

/** What came, in few words: `["login session 200", "GET /orders 200"]`. */
export const told = ({ requests }) =>
  requests.map(({ operation, method, path, meaning, status, fault }) => [operation ?? `${method} ${path}`, meaning, fault ?? status].filter((it) => it !== null).join(" "));
