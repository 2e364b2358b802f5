// The package as Cloudflare's runtime loads it: wasm is imported as a compiled module, for it may not be compiled there.

import { clients } from "./client.js";
import { load } from "./load.js";
import type { Unverified } from "./types.js";
import { decodeLoaded } from "./unverified.js";
import module from "./relatch.wasm";

const source = () => module;

/** A client of an API, synchronous. */
export const createClient = /* @__PURE__ */ clients(source);

/** What a token says, without verifying it: for display, never for a decision. @throws {@link AuthError} */
export async function decodeUnverified(token: string): Promise<Unverified> {
  await load(source);
  return decodeLoaded(token);
}

export * from "./public.js";
