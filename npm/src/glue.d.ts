// The generated glue, as far as the facade uses it. The generator's own types are switched off: they would be a second truth.

import type { Tell } from "./wire.js";

/** Asks a session for something: JSON of what, a number, and arguments. */
export type Core = (message: string) => unknown;

/** What a session tells: what has happened, and text about it. */
export type Told = (what: Tell, text: string) => void;

export function start(settings: string, fetch: typeof globalThis.fetch, store: unknown, global: typeof globalThis, told: Told): Core | undefined;
export function decode(token: string): string;
export function initSync(options: { module: WebAssembly.Module }): unknown;
