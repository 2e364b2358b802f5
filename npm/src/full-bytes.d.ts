/** The full build of the wasm in base64. Generated. */
declare const base64: string;
export default base64;
