// Loads the wasm, once per page.

import { AuthError } from "./error.js";
import { initSync } from "./glue.js";
import type { WasmSource } from "./types.js";

let loading: Promise<unknown> | undefined;

/** Loads the wasm. A failure is forgotten, so that the next call tries again. */
export function load(source: () => WasmSource | Promise<WasmSource>): Promise<unknown> {
  return (loading ??= attempt(source).catch((cause: unknown) => {
    loading = undefined;
    throw new AuthError({ code: "network", retryable: true, details: { argument: "wasm" } }, cause);
  }));
}

// Compiled from its bytes and not from the response, which half of all servers send with the wrong type. The glue's own loader
// tries both, and weighs five times this.
async function attempt(source: () => WasmSource | Promise<WasmSource>): Promise<unknown> {
  let given = await source();
  if (typeof given === "string" || given instanceof URL || given instanceof Request) given = await fetch(given);
  if (given instanceof Response) given = await given.arrayBuffer();
  return initSync(given instanceof WebAssembly.Module ? given : await WebAssembly.compile(given));
}
