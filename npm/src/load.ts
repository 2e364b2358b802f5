// Loads what a document needs: an engine, whose wasm is loaded once per page, and what goes with it.

import { AuthError } from "./error.js";
import type { DialectDocument } from "./document.js";
import type { Engine, Extras, Platform } from "./engine.js";
import { has } from "./traits.js";
import type { Plugins, WasmSource } from "./types.js";

/**
 * What is not in the plain build: logins of several steps, tokens that come along, values in paths, answers that are more than a
 * status and JSON, what a session keeps beside its tokens; functions, bodies of the rarer kinds, and what goes along in a query
 * or a body. And refusals with any status, and operations that give tokens.
 */
const RARE = /^(?:(?:challenges|observe|before|text|xml|multipart|body|\$(?!schema )\S+) |headers true|path .*\{|query \w+ ")|"\$|\{session\./;

// What says where a member stands, and not only what it is, is looked for by itself.
function isRare(document: DialectDocument): boolean {
  const { refusals = [], operations = {} } = document ?? {};
  const given = JSON.stringify(Object.values(operations).map((it) => it.answers));
  return has(document, RARE) || refusals.some((it) => it.status === undefined) || /_token/.test(given);
}

/** The engine of a document, with its wasm from there, if the app has said so. A failure is forgotten, so that the next call tries again. */
export async function load(document: DialectDocument, plugins: () => Plugins | undefined, { plain, full }: Platform, given: WasmSource | undefined): Promise<readonly [Engine, Extras | undefined]> {
  const engine = isRare(document) ? (await full().catch(missing("full"))).full : plain;
  engine.loading ??= compile(engine, given).catch((cause: unknown) => {
    engine.loading = undefined;
    return missing("wasm")(cause);
  });
  const [extras] = await Promise.all([engine.extras?.(document, plugins, AuthError).catch(missing("codec")), engine.loading]);
  return [engine, extras];
}

const missing = (argument: string) => (cause: unknown): never => {
  throw new AuthError({ code: "network", retryable: true, details: { argument } }, cause);
};

// Compiled from its bytes and not from the response, which half of all servers send with the wrong type. The glue's own loader
// tries both, and weighs five times this.
async function compile({ source, initSync }: Engine, given: WasmSource | undefined): Promise<unknown> {
  let found = await (given ?? source());
  if (typeof found === "string" || found instanceof URL || found instanceof Request) found = await fetch(found);
  if (found instanceof Response) found = await found.arrayBuffer();
  return initSync(found instanceof WebAssembly.Module ? found : await WebAssembly.compile(found));
}
