// Decoding at once, with the wasm inside.

import base64 from "./bytes.js";
import { initSync } from "./glue.js";
import type { Unverified } from "./types.js";
import { decodeLoaded } from "./unverified.js";

let loaded = false;

/** What a token says, without verifying it: for display, never for a decision. @throws {@link AuthError} */
export function decodeUnverified(token: string): Unverified {
  if (!loaded) {
    initSync({ module: Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)) });
    loaded = true;
  }
  return decodeLoaded(token);
}

export { AuthError, type AuthErrorCode } from "./error.js";
export type { Unverified } from "./types.js";
