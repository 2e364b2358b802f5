// Decoding at once, with nothing to load.

/** What a token says, without verifying it: for display, never for a decision. @throws {@link AuthError} */
export { decodeUnverified } from "./unverified.js";
export { AuthError, type AuthErrorCode } from "./error.js";
export type { Unverified } from "./types.js";
