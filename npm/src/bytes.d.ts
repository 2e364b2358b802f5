/** The wasm in base64, for platforms that cannot load it from beside the module. Generated. */
declare const base64: string;
export default base64;
