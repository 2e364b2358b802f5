// Loads the wasm, once per page.

import { AuthError } from "./error.js";
import init from "./glue.js";
import type { WasmSource } from "./types.js";

let loading: Promise<unknown> | undefined;

/** Loads the wasm. A failure is forgotten, so that the next call tries again. */
export function load(source: () => WasmSource | Promise<WasmSource>): Promise<unknown> {
  return (loading ??= attempt(source).catch((cause: unknown) => {
    loading = undefined;
    throw new AuthError({ code: "network", retryable: true, details: { argument: "wasm" } }, cause);
  }));
}

const attempt = async (source: () => WasmSource | Promise<WasmSource>): Promise<unknown> => init({ module_or_path: await source() });
