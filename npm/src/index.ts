// The package as pages and workers load it: the wasm lies beside this module. Nothing runs when this is imported.

import { clients } from "./client.js";
import { ask, initSync } from "./glue.js";
import { sessions } from "./sessions.js";

const source = () => new URL("./relatch.wasm", import.meta.url);

/** A client of an API. Synchronous; in a page it starts loading the wasm. */
export const createClient = /* @__PURE__ */ clients({ plain: { ask, initSync, sessions, source }, full: () => import("./full.js") });

export * from "./public.js";
