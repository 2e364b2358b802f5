// Short names for what wasm and glue call each other by. The generator's are long, most end in hashes, which no compression makes
// smaller, and all stand in both files.

import { EXPORTS, IMPORTS, importType, leb, name, number, rewrite } from "./sections.mjs";

const MODULE = "./relatch_bg.js";
const LONG = /\b(?:__wb|wasm_bindgen__)\w*?[0-9a-f]{16}\b|\b__(?:wbindgen|externref)_\w+/g;

/** Renames imports and exports in both, and the module of the imports to this. */
export function shorten(glue, wasm, module) {
  const names = new Map();
  const short = (text) => text.replace(LONG, (long) => names.get(long) ?? names.set(long, `_${names.size.toString(36)}`).get(long));
  const change = { [IMPORTS]: imports, [EXPORTS]: exports };
  const renamed = rewrite(wasm, (id, section) => change[id]?.(section, short, module) ?? section);
  return { wasm: renamed, glue: short(glue).replaceAll(`"${MODULE}"`, `"${module}"`) };
}

function imports(section, short, shortModule) {
  return entries(section, (entry) => {
    entry.rename((module) => (module === MODULE ? shortModule : module));
    entry.rename(short);
    entry.keep(importType(section, entry.at));
  });
}

function exports(section, short) {
  return entries(section, (entry) => {
    entry.rename(short);
    entry.keep(number(section, entry.at + 1)[1]);
  });
}

/** A vector of entries, each copied piece by piece. */
function entries(section, copy) {
  const [count, start] = number(section, 0);
  const out = [Buffer.from(leb(count))];
  const entry = {
    at: start,
    rename(change) {
      const [old, end] = name(section, this.at);
      const changed = Buffer.from(change(old));
      out.push(Buffer.from(leb(changed.length)), changed);
      this.at = end;
    },
    keep(end) {
      out.push(section.subarray(this.at, end));
      this.at = end;
    },
  };
  for (let index = 0; index < count; index++) copy(entry);
  return Buffer.concat(out);
}
