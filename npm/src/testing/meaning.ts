// The words in which a fake API's own rules speak: what an answer means, why, and what is left of it where a document has no words for
// it. `docs/dialects/format.md` has the tables.

import type { AnswerCode } from "../error.js";

/** What an answer can mean. */
export type Meaning = "session" | "done" | AnswerCode;

/** Why a request is invalid. */
export type Reason =
  | "identifier.missing"
  | "identifier.malformed"
  | "identifier.length"
  | "password.missing"
  | "password.malformed"
  | "password.length"
  | "field.missing"
  | "field.malformed"
  | "body.unreadable"
  | "path.unknown"
  | "method.unsupported"
  | "body.too-large"
  | "content-type.unsupported";

/** One step of narrowing: what to say instead. */
export const NARROWED: { readonly [M in Meaning]?: Meaning } = {
  "unknown-user": "bad-credentials",
  "wrong-password": "bad-credentials",
  "account-disabled": "bad-credentials",
  "account-not-validated": "bad-credentials",
  "account-locked": "bad-credentials",
  "bad-credentials": "session-ended",
  "session-ended": "token-expired",
  "token-missing": "token-expired",
  "token-malformed": "token-expired",
  "token-expired": "token-expired-or-forbidden",
  forbidden: "token-expired-or-forbidden",
};

const STATUS: { readonly [M in Meaning]?: number } = {
  session: 200,
  challenge: 200,
  done: 204,
  "invalid-request": 400,
  forbidden: 403,
  "token-expired-or-forbidden": 403,
  "rate-limited": 429,
  "server-error": 500,
};

const REASON_STATUS: { readonly [R in Reason]?: number } = {
  "path.unknown": 404,
  "method.unsupported": 405,
  "body.too-large": 413,
  "content-type.unsupported": 415,
};

/** The status of the plain default answer. */
export const defaultStatus = (means: Meaning, reason?: Reason): number => (reason ? reasonStatus(reason) : (STATUS[means] ?? 401));

/** The status that belongs to a reason where a document does not say otherwise. */
export const reasonStatus = (reason: Reason): number => REASON_STATUS[reason] ?? 400;

const PHRASES: { readonly [status: number]: string } = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  429: "Too Many Requests",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

/** The reason phrase of a status. */
export const phrase = (status: number): string => PHRASES[status] ?? (status < 400 ? "OK" : status < 500 ? "Bad Request" : "Internal Server Error");

/** What `{error_code}` is filled with. */
export function errorCode(means: Meaning, reason?: Reason): string {
  if (reason === "path.unknown") return "not-found";
  if (reason === "method.unsupported") return "method-not-allowed";
  return means === "server-error" ? "internal-error" : means;
}
