// `src/browser/runtime.js`, as far as the facade uses it.

/** The value of a JSON text; `undefined` if it is none. */
export function parse(text: string): unknown;
/** What the wasm asks of its platform. */
export interface Runtime {
  /** Who hears what it tells, which is a message. */
  listen(heard: (message: string) => void): void;
  obey(command: number, message: string): void;
}
export function runtime(global: typeof globalThis, fetch: typeof globalThis.fetch, store: unknown, key: string, shared: boolean): Runtime;
/** What a message of the wasm's says. */
export function read(message: string): unknown[];
/** A message to the wasm. */
export function message(...values: readonly unknown[]): string;
