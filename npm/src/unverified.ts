// Reading a token without verifying it. The wasm takes it apart; JSON is the platform's own work.

import { invalid } from "./error.js";
import { decode } from "./glue.js";
import type { Unverified } from "./types.js";

/** Header and claims of a token. Strict about its form, silent about its signature. */
export function decodeLoaded(token: string): Unverified {
  const [first = "", second, more] = decode(token).split("\0");
  if (second === undefined) throw invalid("token", first);
  try {
    const [header, claims] = [JSON.parse(first), JSON.parse(second)] as unknown[];
    if (isObject(header) && isObject(claims) && more === undefined) return { header, claims };
  } catch {}
  throw invalid("token", "expected JSON objects");
}

const isObject = (it: unknown): it is Record<string, unknown> => typeof it === "object" && it !== null && !Array.isArray(it);
