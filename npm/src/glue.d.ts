// The generated glue, as far as the facade uses it. The generator's own types are switched off: they would be a second truth.

/** Asks a session, by its number, for something by a message: what, a number, and arguments. Whether it can be done. */
export function ask(session: number, message: string): boolean;
export function initSync(module: WebAssembly.Module): unknown;
