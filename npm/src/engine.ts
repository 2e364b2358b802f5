// What a session is driven by: one build of the wasm, with the glue that belongs to it. `plain` is in the entry itself; `full` knows all of
// the format, and is a chunk with a wasm of its own, loaded for a document that needs it.

import type { Codec } from "./codec.js";
import type { DialectDocument } from "./document.js";
import type { AuthError } from "./error.js";
import type { Host } from "./sessions.js";
import type { Plugins, WasmSource } from "./types.js";
import type { Ask, Grant } from "./wire.js";

/** One build's glue, the sessions that it calls, and where its wasm lies. */
export interface Engine {
  /** Asks a session, by its number, for something by a message. Whether it can be done. */
  ask(session: number, message: string): boolean;
  initSync(module: WebAssembly.Module): unknown;
  readonly sessions: Map<number, Host>;
  source(): WasmSource | Promise<WasmSource>;
  /** Its wasm, once it is being loaded. */
  loading?: Promise<unknown> | undefined;
  /** What JavaScript does beside for a document that is not plain. */
  extras?(document: DialectDocument, plugins: () => Plugins | undefined, Fault: typeof AuthError): Promise<Extras>;
}

/** What is rare in requests and answers, and in the answers to calls. */
export interface Extras {
  readonly codec: Codec | undefined;
  readonly judge: Judge;
}

/** What the answer to a call means to the session, if anything. */
export type Judge = (look: Look, response: Response, grant: Grant) => Promise<string | undefined>;

/** Asks the wasm for something that it finds at once, if it does. */
export type Look = (what: Ask, status?: number, ...given: readonly unknown[]) => unknown;

/** What is different from entry to entry. */
export interface Platform {
  readonly plain: Engine;
  full(): Promise<{ readonly full: Engine }>;
}
