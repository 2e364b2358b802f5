// The package as Cloudflare's runtime loads it: wasm is imported as a compiled module, for it may not be compiled there.

import { clients } from "./client.js";
import module from "./relatch.wasm";

const source = () => module;

/** A client of an API, synchronous. */
export const createClient = /* @__PURE__ */ clients(source);

export * from "./public.js";
