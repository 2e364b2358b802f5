// The package as Cloudflare's runtime loads it: wasm is imported as a compiled module, for it may not be compiled there.

import { clients } from "./client.js";
import { ask, initSync } from "./glue.js";
import module from "./relatch.wasm";
import { sessions } from "./sessions.js";

const source = () => module;

/** A client of an API, synchronous. */
export const createClient = /* @__PURE__ */ clients({ plain: { ask, initSync, sessions, source }, full: () => import("./full-workerd.js") });

export * from "./public.js";
