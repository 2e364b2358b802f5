// What a fake API was asked, for tests to look at. Secrets are members that do not enumerate: whoever prints a request, compares it or
// makes JSON of it does not meet them.

import type { FaultKind } from "./faults.js";
import type { Meaning } from "./meaning.js";

/** One request, and what became of it. */
export interface FakeRequest {
  /** Milliseconds since the epoch, by the API's clock. */
  readonly at: number;
  readonly method: string;
  /** Below `baseUrl`, without a query. */
  readonly path: string;
  /** `login`, `renew`, or an operation of the document; `null` for the app's own calls. */
  readonly operation: string | null;
  /** The first identifier of who it was, as far as the API can tell. */
  readonly user: string | null;
  /** What its answer means; `null` if there was none, if a fault gave it, or if the app's own call was carried out. */
  readonly meaning: Meaning | null;
  readonly status: number | null;
  readonly fault: FaultKind | "offline" | null;
  /** Context values that came along, such as `organization`. */
  readonly context: Readonly<Record<string, string>>;
  /** What the document's template captured: credentials, a refresh token. Secret, so it is not printed. */
  readonly values: Readonly<Record<string, unknown>>;
  /** The token that came along. Secret, so it is not printed. */
  readonly accessToken: string | null;
}

/** A request while it is under way. */
export type Entry = { -readonly [Name in keyof FakeRequest]: FakeRequest[Name] };

/** Notes a request that has come. */
export function entry(at: number, method: string, path: string, operation: string | null): Entry {
  const known = { at, method, path, operation, user: null, meaning: null, status: null, fault: null, context: {} };
  const secret = { writable: true, enumerable: false };
  const hidden = { values: { ...secret, value: {} }, accessToken: { ...secret, value: null } };
  return Object.defineProperties(known, hidden) as typeof known & Pick<Entry, "values" | "accessToken">;
}

/** Whether that is what a test means by `renew`, or by `GET /orders`. */
export const isCalled = ({ operation, method, path }: FakeRequest, what: string): boolean => what === operation || what === `${method} ${path}`;
