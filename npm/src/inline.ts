// The package with the wasm inside, for platforms without files or URLs beside a module. It is loaded when first needed.

import { clients } from "./client.js";

const source = async () => bytes((await import("./bytes.js")).default);

const bytes = (base64: string) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

/** A client of an API. Synchronous; in a page it starts loading the wasm. */
export const createClient = /* @__PURE__ */ clients(source);

export * from "./public.js";
