// The package as pages and workers load it: the wasm lies beside this module. Nothing runs when this is imported.

import { clients } from "./client.js";
import { load } from "./load.js";
import type { Unverified } from "./types.js";
import { decodeLoaded } from "./unverified.js";

const source = () => new URL("./relatch.wasm", import.meta.url);

/** A client of an API. Synchronous; in a page it starts loading the wasm. */
export const createClient = /* @__PURE__ */ clients(source);

/** What a token says, without verifying it: for display, never for a decision. @throws {@link AuthError} */
export async function decodeUnverified(token: string): Promise<Unverified> {
  await load(source);
  return decodeLoaded(token);
}

export * from "./public.js";
