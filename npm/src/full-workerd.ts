// The engine that knows all of the format, for `workerd.ts`: a chunk that imports its wasm as a compiled module.

import type { Engine } from "./engine.js";
import { extras } from "./extras.js";
import { ask, initSync } from "./full-glue.js";
import module from "./full.wasm";
import { sessions } from "./sessions.js";

export const full: Engine = { ask, initSync, sessions, extras, source: () => module };
