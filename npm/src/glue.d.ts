// The generated glue, as far as the facade uses it. The generator's own types are switched off: they would be a second truth.

import type { Runtime } from "./runtime.js";
import type { Tell } from "./wire.js";

/** Asks a session for something by a message: what, a number, and arguments. Whether it can be done. */
export type Core = (message: string) => boolean;

/** Hears what a session tells. */
export interface Listener {
  told(what: Tell, message: string): void;
}

export function start(settings: string, runtime: Runtime, listener: Listener): Core | undefined;
export function initSync(module: WebAssembly.Module): unknown;
