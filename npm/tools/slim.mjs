// The generated glue without what this package has no use for. Every piece that is taken out has to be there: a generator that
// writes other glue is noticed when the package is built, not by its users.

const CUTS = [
  // Its loader takes the module by name alone; the warning for those that do not is dead weight.
  [/if \(module !== undefined\) \{\s*if \(Object[^]*?\n {4}\}\n/, "({ module } = module);\n"],
  // Texts go in encoded as a whole. The other way, which grows a buffer as it goes, is faster for long ones only.
  [/function passStringToWasm0\(arg, malloc, realloc\) \{\s*if \(realloc === undefined\) \{([^}]*)\}[^]*?\n\}\n/, "function passStringToWasm0(arg, malloc) {$1}\n"],
  [/, wasm\.__wbindgen_realloc\)/g, ")"],
  // The modules of the host's own lie beside the glue.
  [/'\.\/snippets\/[^']*\/(\w+\.js)'/g, "'./$1'"],
  // A decoder of Safari's fails after two gigabytes. What a session says in a year is a thousandth of that.
  [/numBytesDecoded \+= bytes\.length;\s*if \(numBytesDecoded[^]*?\n {4}\}\n/, ""],
  // All engines that the package supports have had these for years.
  [/\(typeof FinalizationRegistry === 'undefined'\)\s*\? [^\n]*\n\s*: /, ""],
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
