// Reading a token without verifying it.

import { invalid } from "./error.js";
import { decode } from "./token.js";
import type { Unverified } from "./types.js";

/** Header and claims of a token. Strict about its form, silent about its signature. */
export function decodeUnverified(token: string): Unverified {
  try {
    const [header, claims] = decode(token);
    return { header, claims };
  } catch (fault) {
    throw invalid("token", (fault as Error).message);
  }
}
