// The package as pages and workers load it: the wasm lies beside this module. Nothing runs when this is imported.

import { clients } from "./client.js";

const source = () => new URL("./relatch.wasm", import.meta.url);

/** A client of an API. Synchronous; in a page it starts loading the wasm. */
export const createClient = /* @__PURE__ */ clients(source);

export * from "./public.js";
