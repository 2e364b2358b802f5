// The engine that knows all of the format, for `inline.ts`: a chunk, with its wasm inside.

import { bytes } from "./base64.js";
import type { Engine } from "./engine.js";
import { extras } from "./extras.js";
import base64 from "./full-bytes.js";
import { ask, initSync } from "./full-glue.js";
import { sessions } from "./sessions.js";

export const full: Engine = { ask, initSync, sessions, extras, source: () => bytes(base64) };
