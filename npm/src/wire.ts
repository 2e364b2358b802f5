// What facade and wasm say to each other: what the facade asks for by number and place, what it is told in the form in which it is
// used. `src/npm/` has the other half.

import type { DialectDocument } from "./document.js";
import type { State } from "./types.js";

/** What the facade asks for, with a number (a call's, or a status) and arguments, as a message. */
export const enum Ask {
  /** What an answer of that status means to the session: its parts. A meaning is found, or nothing. */
  Judge,
  /** Whether the token has ended. */
  Expired,
  /** What has happened: a list of history entries is found. */
  History,
  Stop,
  /** {@link Settings}. The answer is no if the dialect is none. */
  Start,
  /** What the session's runtime tells. */
  Heard,
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
  /** What the app has to say to a challenge. */
  Answer,
  /** {@link Observed}, with the answer's status. */
  Observed,
  /** The operation's name, values. */
  Perform,
}

/** What the wasm tells, by a message: arguments. */
export const enum Tell {
  /** A call, and nothing, or `false` for "the answer is the caller's", a {@link Grant}, or what an operation gave. */
  Settled,
  /** A call, a `Problem`. */
  Failed,
  /** An event, a {@link Snapshot}. */
  Changed,
  /** Why credentials are wanted: an event. */
  Asked,
  /** Operation, status, and what came of it. */
  Exchanged,
  /** What was looked for, while it is being asked for. */
  Found,
}

/** What goes along with a request: a header, a parameter, a member of the body, or the platform's cookies. */
export interface Attached {
  readonly header?: string;
  readonly query?: string;
  readonly body?: string;
  readonly value?: unknown;
  readonly cookies?: true;
}

/** Permission to send one call, under what it was given, and with what. */
export interface Grant {
  readonly login: number;
  readonly generation: number;
  readonly context: number;
  /** Missing where the platform's cookies are all that there is. */
  readonly token?: string;
  readonly attached: readonly Attached[];
}

/** The state of a session, what is missing left out. */
export type Snapshot = Pick<State, "status" | "context"> & Partial<State> & { readonly freshUntil?: number; readonly grant?: Grant };

/** A grant's login, generation and context; what the refusal under it meant; whether it was the second. */
export type Refused = readonly [login: number, generation: number, context: number, meaning: string, again: boolean];

/** A grant's login, generation and context; when the server says that it answered, in milliseconds since the epoch; the answer's parts. */
export type Observed = readonly [login: number, generation: number, context: number, dateMs: number | undefined, parts: unknown];

/** How a session is set up. */
export type Settings = readonly [
  dialect: DialectDocument,
  base: string,
  keepCredentials: boolean | undefined,
  asksLogin: boolean,
  whenHidden: boolean | undefined,
  aheadPermille: number | undefined,
  requestDeadlineMs: number | undefined,
  parkedDeadlineMs: number | undefined,
  idleMs: number | undefined,
];
