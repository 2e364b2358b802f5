// What facade and wasm say to each other, by number and place: each name would weigh twice. `src/npm/` has the other half, in the
// same order.

import type { AuthErrorCode } from "./error.js";
import type { EndReason, EventType, State } from "./types.js";

/** What the facade asks for, with a number (a call's, or a status) and arguments; objects as JSON. */
export const enum Ask {
  /** What an answer of that status means to the session: its body. Comes back as a meaning, or `undefined`. */
  Judge,
  /** Whether the token has ended. */
  Expired,
  /** What has happened: a list of {@link Entry}. */
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
  /** The user did something. */
  Active,
  /** The operation's name, values. */
  Perform,
}

/** What the wasm tells. What a server or an app wrote comes as JSON text, and what is missing as `undefined`. */
export type Told =
  | [what: Tell.Settled, told: readonly [call: number, result: undefined | false | Grant | string]]
  | [what: Tell.Failed, told: readonly [call: number, code: AuthErrorCode, retryable: boolean, status: number | undefined, reason: string | undefined, retryAfterMs: number | undefined, details: string]]
  | [what: Tell.Changed, told: Snapshot]
  /** Why credentials are wanted. */
  | [what: Tell.Asked, told: EventType]
  | [what: Tell.Exchanged, told: readonly [operation: string, status: number, code: string]];

export const enum Tell {
  Settled,
  Failed,
  Changed,
  Asked,
  Exchanged,
}

/** Permission to send one call, and under what it was given; then the headers, each a name and a value. */
export type Grant = readonly [login: number, generation: number, context: number, token: string, ...headers: string[]];

/** The state of a session. */
export type Snapshot = readonly [
  event: EventType,
  status: State["status"],
  context: string,
  ended?: EndReason,
  expiresAt?: number,
  freshUntil?: number,
  grant?: Grant,
  user?: string,
  permissions?: string,
];

/** One thing that happened. */
export type Entry = readonly [at: number, event: EventType, code: AuthErrorCode | undefined, status: number | undefined];

/** A grant's login, generation and context; what the refusal under it meant; whether it was the second. */
export type Refused = readonly [login: number, generation: number, context: number, meaning: string, again: boolean];

/** How a session is set up. */
export type Settings = readonly [
  dialect: string,
  base: string,
  key: string,
  shared: boolean,
  keepCredentials: boolean,
  asksLogin: boolean,
  whenHidden: boolean,
  aheadPermille: number | undefined,
  requestDeadlineMs: number | undefined,
  parkedDeadlineMs: number | undefined,
  idleMs: number | undefined,
];
