// The engine that knows all of the format, for `index.ts`: a chunk, with its wasm beside it.

import type { Engine } from "./engine.js";
import { extras } from "./extras.js";
import { ask, initSync } from "./full-glue.js";
import { sessions } from "./sessions.js";

export const full: Engine = { ask, initSync, sessions, extras, source: () => new URL("./full.wasm", import.meta.url) };
