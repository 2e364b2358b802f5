// Loads what lies beside the package: the wasm, once per page, and the codec for a document that needs it.

import { AuthError } from "./error.js";
import { initSync } from "./glue.js";
import type { Codec } from "./codec.js";
import type { DialectDocument } from "./document.js";
import type { Plugins, WasmSource } from "./types.js";

let loading: Promise<unknown> | undefined;

/** Loads the wasm. A failure is forgotten, so that the next call tries again. */
export function load(source: () => WasmSource | Promise<WasmSource>): Promise<unknown> {
  return (loading ??= attempt(source).catch((cause: unknown) => {
    loading = undefined;
    throw missing("wasm", cause);
  }));
}

/** What few documents have: functions, bodies of the rarer kinds, what is attached to a query or a body. A name below those of the API's own says nothing. */
const rare = (value: unknown, own = true): boolean =>
  typeof value === "object" &&
  value !== null &&
  Object.entries(value).some(([name, it]) => /^\$(?!schema$)/.test(name) || (own && /^(text|xml|multipart|body)$/.test(name)) || (name === "query" && typeof it === "string") || rare(it, own && !/^(json|form|query|headers)$/.test(name)));

/** The codec of a document, if it needs one. */
export const loadCodec = async (document: DialectDocument, plugins: () => Plugins | undefined): Promise<Codec | undefined> => {
  if (!rare(document)) return undefined;
  const { codec } = await import("./codec.js").catch((cause: unknown) => {
    throw missing("codec", cause);
  });
  return codec(document, plugins, AuthError);
};

const missing = (argument: string, cause: unknown) => new AuthError({ code: "network", retryable: true, details: { argument } }, cause);

// Compiled from its bytes and not from the response, which half of all servers send with the wrong type. The glue's own loader
// tries both, and weighs five times this.
async function attempt(source: () => WasmSource | Promise<WasmSource>): Promise<unknown> {
  let given = await source();
  if (typeof given === "string" || given instanceof URL || given instanceof Request) given = await fetch(given);
  if (given instanceof Response) given = await given.arrayBuffer();
  return initSync(given instanceof WebAssembly.Module ? given : await WebAssembly.compile(given));
}
