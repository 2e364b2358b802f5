// js-sys has glue for every function that takes a closure. The generator drops what nobody imports, but leaves the shims of
// those closures in the function table, so that no optimiser can tell that they are dead: 3 KB of wasm. This takes them out.

import { CUSTOM, ELEMENTS, EXPORTS, leb, name, number, rewrite, sections } from "./sections.mjs";

// JavaScript calls a shim by its export, never through the table.
const SHIM = /^(?:wasm_bindgen::convert::closures::_::invoke|js_sys::futures::)/;

/** The module without the shims that are not exported. The names of its functions have to be in it still. */
export function trim(wasm) {
  const names = functionNames(wasm);
  if (names.size === 0) throw new Error("the wasm has no names any more: it has to come straight from the generator");
  const exported = exportedFunctions(wasm);
  const dead = (index) => SHIM.test(names.get(index) ?? "") && !exported.has(index);
  return rewrite(wasm, (id, section) => (id === ELEMENTS ? withoutDead(section, dead) : section));
}

function functionNames(wasm) {
  const names = new Map();
  for (const [id, section] of sections(wasm)) {
    const [title, start] = id === CUSTOM ? name(section, 0) : [""];
    if (title !== "name") continue;
    for (let at = start; at < section.length; ) {
      const [size, content] = number(section, at + 1);
      if (section[at] === 1) readNames(section, content, names);
      at = content + size;
    }
  }
  return names;
}

function readNames(section, start, names) {
  let [count, at] = number(section, start);
  for (; count > 0; count--) {
    const [index, next] = number(section, at);
    const [text, end] = name(section, next);
    names.set(index, text);
    at = end;
  }
}

function exportedFunctions(wasm) {
  const exported = new Set();
  for (const [id, section] of sections(wasm)) {
    if (id !== EXPORTS) continue;
    let [count, at] = number(section, 0);
    for (; count > 0; count--) {
      const [, kind] = name(section, at);
      const [index, end] = number(section, kind + 1);
      if (section[kind] === 0) exported.add(index);
      at = end;
    }
  }
  return exported;
}

/** In each plain segment (kind 0: function indices for table 0), a living neighbour stands in for the dead. */
function withoutDead(section, dead) {
  const [count, start] = number(section, 0);
  const out = [...leb(count)];
  let at = start;
  for (let segment = 0; segment < count; segment++) {
    if (section[at] !== 0 || section[at + 1] !== 0x41) throw new Error("an element segment of an unexpected kind");
    const [, offset] = number(section, at + 2);
    if (section[offset] !== 0x0b) throw new Error("an element segment with an unexpected offset");
    const [indices, end] = vector(section, offset + 1);
    const living = indices.find((index) => !dead(index));
    out.push(...section.subarray(at, offset + 1), ...leb(indices.length));
    for (const index of indices) out.push(...leb(dead(index) ? living : index));
    at = end;
  }
  return Buffer.from(out);
}

function vector(section, start) {
  let [count, at] = number(section, start);
  const values = [];
  for (; count > 0; count--) {
    const [value, next] = number(section, at);
    values.push(value);
    at = next;
  }
  return [values, at];
}
