// The package with the wasm inside, for platforms without files or URLs beside a module. It is loaded when first needed.

import { bytes } from "./base64.js";
import { clients } from "./client.js";
import { ask, initSync } from "./glue.js";
import { sessions } from "./sessions.js";

const source = async () => bytes((await import("./bytes.js")).default);

/** A client of an API. Synchronous; in a page it starts loading the wasm. */
export const createClient = /* @__PURE__ */ clients({ plain: { ask, initSync, sessions, source }, full: () => import("./full-inline.js") });

export * from "./public.js";
