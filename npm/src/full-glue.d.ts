// The glue of the other build of the wasm, which has the same functions.

export { ask, initSync } from "./glue.js";
