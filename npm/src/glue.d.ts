// The generated glue, as far as the facade uses it. The generator's own types are switched off: they would be a second truth.

import type { Settings, Told } from "./wire.js";

/** Asks a session for something: what, a number, and arguments. */
export type Core = (message: readonly unknown[]) => unknown;

/** Hears what a session tells. */
export type Listener = (...told: Told) => void;

export function start(settings: Settings, fetch: typeof globalThis.fetch, store: unknown, global: typeof globalThis, told: Listener): Core | undefined;
export function decode(token: string): string;
export function initSync(options: { module: WebAssembly.Module }): unknown;
