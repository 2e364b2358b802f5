// `src/browser/store.js`, as far as the facade uses it.

import type { DialectDocument } from "./document.js";
import type { ClientOptions } from "./types.js";

/** A store of one record, made when the session starts. */
export function store(storage: NonNullable<ClientOptions<DialectDocument>["storage"]>): unknown;
