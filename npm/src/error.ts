// The one kind of error that the package rejects with.

/** What a server's answer can mean, where it is no success. */
export type AnswerCode =
  | "challenge"
  | "bad-credentials"
  | "unknown-user"
  | "wrong-password"
  | "account-disabled"
  | "account-not-validated"
  | "account-locked"
  | "invalid-request"
  | "rate-limited"
  | "token-missing"
  | "token-malformed"
  | "token-expired"
  | "token-expired-or-forbidden"
  | "session-ended"
  | "forbidden"
  | "server-error";

/** What an {@link AuthError} says: what a server's answer meant, or what happened on this side. */
export type AuthErrorCode =
  | AnswerCode
  | "network"
  | "timeout"
  | "unexpected-answer"
  | "login-required"
  | "session-changed"
  | "aborted"
  | "invalid-argument"
  | "foreign-url"
  | "not-replayable"
  | "no-token"
  | "plugin-failed"
  | "invalid-dialect"
  | "disposed";

/** The members of an {@link AuthError}; all but the code may be missing. */
export interface Problem {
  readonly code: AuthErrorCode;
  readonly retryable?: boolean;
  readonly status?: number;
  readonly reason?: string;
  readonly retryAfterMs?: number;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Why something was not done. Nothing in it is secret: it may be logged whole. */
export class AuthError extends Error {
  /** What happened. Stable: compare this one. */
  declare readonly code: AuthErrorCode;
  /** Whether the same attempt may succeed later, with nothing changed. */
  declare readonly retryable: boolean;
  /** The HTTP status, if there was an answer. */
  declare readonly status: number | undefined;
  /** For `invalid-request`: what is wrong with it, such as `password.length`. */
  declare readonly reason: string | undefined;
  /** When another attempt makes sense, if the server said so: milliseconds from now. */
  declare readonly retryAfterMs: number | undefined;
  /** What else the answer carried, such as `resend_code`; for `invalid-argument`, the `argument`. */
  declare readonly details: Readonly<Record<string, unknown>>;

  constructor(problem: Problem, cause?: unknown) {
    const { code, reason, status, details = {} } = problem;
    super(`relatch: ${[code, reason ?? details["argument"], status].filter(Boolean).join(", ")}`, { cause });
    Object.assign(this, { name: "AuthError", retryable: false, details }, problem);
  }
}

/** An argument that cannot be used: which, and why not. */
export const invalid = (argument: string, why: string, cause?: unknown): AuthError =>
  new AuthError({ code: "invalid-argument", details: { argument, why } }, cause);
