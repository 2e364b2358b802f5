// What facade and wasm say to each other, by number and place: each name would weigh twice. `src/npm/` has the other half, in the
// same order.

import type { DialectDocument } from "./document.js";

/** What the facade asks for, with a number (a call's, or a status) and arguments. */
export const enum Ask {
  /** What an answer of that status means to the session: its body. Comes back as a meaning, or `undefined`. */
  Judge,
  /** Whether the token has ended. */
  Expired,
  /** What has happened, as JSON. */
  History,
  Stop,
  /** Credentials. */
  Login,
  Authorize,
  /** {@link Refused}. */
  Refused,
  Renew,
  Logout,
  Cancel,
  /** Credentials, or `null`. */
  Supply,
  /** Name, value. */
  Context,
  /** Values, the operation's name. */
  Perform,
}

/** What the wasm tells, with JSON. */
export const enum Tell {
  /** `{call, result}`. */
  Settled,
  /** `{call, result}`, the result being the members of an error. */
  Failed,
  /** The new state. */
  Changed,
  /** Not JSON but the reason why credentials are wanted. */
  Asked,
  /** `{operation, status, code}`. */
  Exchanged,
}

/** A grant's login, generation and context; what the refusal under it meant; whether it was the second. */
export type Refused = readonly [login: number, generation: number, context: number, meaning: string, again: boolean];

/** How a session is set up. */
export type Settings = readonly [
  dialect: Omit<DialectDocument, "issue">,
  base: string,
  key: string,
  shared: boolean,
  keepCredentials: boolean,
  asksLogin: boolean,
  aheadPermille: number | undefined,
  requestDeadlineMs: number | undefined,
  parkedDeadlineMs: number | undefined,
];
