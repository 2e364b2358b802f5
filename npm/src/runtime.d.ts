// `src/browser/runtime.js`, as far as the facade uses it.

import type { Codec } from "./codec.js";
import type { Parts } from "./codec/body.js";
import type { Sent } from "./codec/functions.js";
import type { Attached } from "./wire.js";

/** A value as JSON has it; `undefined` if it has none. */
export function copy<T>(value: T): T;
/** What the wasm asks of its platform. */
export interface Runtime {
  /** Who hears what it tells, which is a message. */
  listen(heard: (message: string) => void): void;
  obey(command: number, message: string): void;
}
export function runtime(global: typeof globalThis, fetch: typeof globalThis.fetch, store: unknown, key: string, shared: boolean, codec?: Codec): Runtime;
/** Puts into a request what goes along with it. */
export function attach(sent: Sent, elements: readonly Attached[], codec: Codec | undefined, signal?: AbortSignal | null, named?: Parts["headers"]): Promise<void>;
/** What of an answer a document can speak about; no body if none is to be read, or if it is longer than that. */
export function partsOf(response: Response, most: number, operation?: string, codec?: Codec): Promise<Parts>;
/** What a message of the wasm's says. */
export function read(message: string): unknown[];
/** A message to the wasm. */
export function message(...values: readonly unknown[]): string;
