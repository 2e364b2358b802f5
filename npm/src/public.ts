// What every entry exports beside its own.

import { decodeUnverified as decode } from "./unverified.js";
import type { Unverified } from "./types.js";

/** What a token says, without verifying it: for display, never for a decision. @throws {@link AuthError} */
export const decodeUnverified = async (token: string): Promise<Unverified> => decode(token);

export { defineDialect } from "./document.js";
export type { AnswerOf, ArgumentsOf, ChallengeOf, ClaimsOf, ContextOf, CredentialsOf, DialectDocument, OperationOf, PluginOf, ResultOf, Typed, UserOf } from "./document.js";
export { AuthError, type AuthErrorCode } from "./error.js";
export type * from "./types.js";
