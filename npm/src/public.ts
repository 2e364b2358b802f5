// What every entry exports beside its own.

export { defineDialect } from "./document.js";
export type { ArgumentsOf, ClaimsOf, ContextOf, CredentialsOf, DialectDocument, OperationOf, ResultOf, Typed, UserOf } from "./document.js";
export { AuthError, type AuthErrorCode } from "./error.js";
export type * from "./types.js";
