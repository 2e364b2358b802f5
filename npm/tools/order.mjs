// Where its functions stand in a module makes no difference to what it does, but to how small it can be compressed: those whose code
// begins alike should be neighbours. The optimiser can sort them by name, so each is given a name that says where it belongs.

import { CODE, CUSTOM, bodies, importedFunctions, leb, sections } from "./sections.mjs";

/** The module with such names. It has to be without any. */
export function named(wasm) {
  const code = bodies(new Map(sections(wasm)).get(CODE));
  const sorted = [...code.keys()].sort((one, other) => Buffer.compare(code[one], code[other]));
  const places = new Map(sorted.map((index, place) => [index, String(place).padStart(6, "0")]));
  const imported = importedFunctions(wasm);
  const entries = code.flatMap((_, index) => [...leb(imported + index), ...text(places.get(index))]);
  const names = [...leb(code.length), ...entries];
  const content = [...text("name"), 1, ...leb(names.length), ...names];
  return Buffer.concat([wasm, Buffer.from([CUSTOM, ...leb(content.length), ...content])]);
}

const text = (it) => [...leb(it.length), ...Buffer.from(it)];
