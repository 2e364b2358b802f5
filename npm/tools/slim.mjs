// The generated glue without what this package has no use for. Every piece that is taken out has to be there: a generator that
// writes other glue is noticed when the package is built, not by its users.

const CUTS = [
  // The facade calls it once, and hands it a compiled module.
  [/function initSync\(module\) \{\s*if \(wasm !== undefined\) return wasm;\n/, "function initSync(module) {\n"],
  [/if \(module !== undefined\) \{\s*if \(Object[^]*?\n {4}\}\n/, ""],
  [/if \(!\(module instanceof WebAssembly\.Module\)\) \{[^}]*\}\n/, ""],
  // Numbers and texts alone cross the boundary: there is no table of JavaScript's objects to be made ready.
  [/__wbindgen_init_externref_table: function[^}]*\},\n/, ""],
  [/wasm\.__wbindgen_start\(\);\n/, ""],
  // What would throw traps, like every other panic.
  [/__wbg___wbindgen_throw_\w+: function[^}]*\},\n/, ""],
  // Addresses and numbers that have the highest bit set: a session never has so much memory, nor so many commands.
  [/ >>> 0/g, ""],
  [/const val\d = \+session;\s*([^]*?)wasm\.ask\(val\d, /, "$1wasm.ask(session, "],
  // The imports are looked up by the engine, once, and by names of our own.
  [/__proto__: null,/g, ""],
  // Texts go in encoded as a whole. The other way, which grows a buffer as it goes, is faster for long ones only.
  [/function passStringToWasm0\(arg, malloc, realloc\) \{\s*if \(realloc === undefined\) \{([^}]*)\}[^]*?\n\}\n/, "function passStringToWasm0(arg, malloc) {$1}\n"],
  [/, wasm\.__wbindgen_realloc\)/g, ")"],
  // A view of the memory costs less than what would keep it.
  [/let cachedUint8ArrayMemory0 = null;\nfunction getUint8ArrayMemory0\(\) \{[^]*?\n\}\n/, "const getUint8ArrayMemory0 = () => new Uint8Array(wasm.memory.buffer);\n"],
  [/cachedUint8ArrayMemory0 = null;\n/, ""],
  [/subarray\(ptr, ptr \+ buf\.length\)\.set\(buf\)/, "set(buf, ptr)"],
  // The modules of the host's own lie beside the glue.
  [/'\.\/snippets\/[^']*\/(\w+\.js)'/g, "'./$1'"],
  // A decoder of Safari's fails after two gigabytes. What a session says in a year is a thousandth of that.
  [/numBytesDecoded \+= bytes\.length;\s*if \(numBytesDecoded[^]*?\n {4}\}\n/, ""],
  // It warms up.
  [/cachedTextDecoder\.decode\(\);\n/, ""],
  // All engines that the package supports have had this for years.
  [/if \(!\('encodeInto' in cachedTextEncoder\)\) \{[^]*?\n\}\n/, ""],
];

/** The glue, made shorter. */
export function slim(glue) {
  return CUTS.reduce((text, [piece, instead]) => {
    const without = text.replace(piece, instead);
    if (without === text) throw new Error(`the glue no longer looks as expected: nothing in it is like ${piece}`);
    return without;
  }, glue);
}
