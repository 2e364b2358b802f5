// What no optimiser can tell to be dead, since the function table names it.
//
// js-sys has glue for every function that takes a closure. The generator drops what nobody imports, but leaves the shims of
// those closures in the table: 3 KB of wasm.
//
// A panic prepares a message, which nobody gets to see: without a console of its own, Rust's standard library throws it away on
// this platform, and traps. Here it traps at once: 2 KB.

import { CODE, CUSTOM, DATA, ELEMENTS, EXPORTS, bodies, importedFunctions, leb, name, number, rewrite, sections } from "./sections.mjs";

// JavaScript calls a shim by its export, never through the table.
const SHIM = /^(?:wasm_bindgen::convert::closures::_::invoke|js_sys::futures::)/;

const PANIC = /^<?(?:.* as )?(?:core\[\w+\]::(?:fmt|panicking|slice::index::slice_|cell::lazy::panic)|std\[\w+\]::panicking|alloc\[\w+\]::(?:raw_vec::handle_error|raw_vec::capacity_overflow|alloc::handle_alloc_error)|vec::Vec<_, _>>::(?:swap_)?remove::assert_failed|wasm_bindgen::throw_str)/;

/** What messages say: the source files that they name, their own texts as far as there are any in this wasm, and the digits of numbers. */
const MESSAGE =
  /(?:\/rustc\/|(?:\/[\w.-]+)+\/lib\/rustlib\/|registry\/|(?:src|dialects|session)\/)[\w./-]+?\.rs|RefCell already (?:mutably )?borrowed|closure invoked recursively or after being dropped|removal index \(is |\) should be < len \(is |capacity overflow|Tried to shrink to a larger capacity|(?:\d\d){100}/g;

/** `unreachable`, without locals. */
const TRAP = [3, 0, 0, 0x0b];

/** The module without the shims that are not exported, and without messages. The names of its functions have to be in it still. */
export function trim(wasm, glue) {
  const names = functionNames(wasm);
  if (names.size === 0) throw new Error("the wasm has no names any more: it has to come straight from the generator");
  const exported = exportedFunctions(wasm);
  const dead = (index) => SHIM.test(names.get(index) ?? "") && !exported.has(index);
  const imported = importedFunctions(wasm);
  const panics = (index) => PANIC.test(names.get(imported + index) ?? "");
  const change = { [ELEMENTS]: (section) => withoutDead(section, dead), [CODE]: (section) => withTraps(section, panics), [DATA]: withoutMessages, [EXPORTS]: (section) => withoutUnused(section, glue) };
  return rewrite(wasm, (id, section) => change[id]?.(section) ?? section);
}

/** Neither the texts nor the places in source files, each of which is the address and the length of a file's name, a line and a column. */
function withoutMessages(section) {
  const out = Buffer.from(section);
  for (const [address, start, end] of segments(section)) {
    for (const { index, 0: text } of section.toString("latin1", start, end).matchAll(MESSAGE)) {
      out.fill(0, start + index, start + index + text.length);
      const name = Buffer.alloc(8);
      name.writeUInt32LE(address + index);
      name.writeUInt32LE(text.length, 4);
      if (!text.endsWith(".rs")) continue;
      for (let at = -1; (at = section.indexOf(name, at + 1)) >= 0; ) out.fill(0, at, at + 16);
    }
  }
  return out;
}

/** The segments of the data section: the address of each, and where in the section its bytes begin and end. */
function segments(section) {
  let [count, at] = number(section, 0);
  const all = [];
  for (; count > 0; count--) {
    if (section[at] !== 0 || section[at + 1] !== 0x41) throw new Error("a data segment of an unexpected kind");
    const [address, offset] = number(section, at + 2);
    const [size, start] = number(section, offset + 1);
    all.push([address, start, (at = start + size)]);
  }
  return all;
}

/** The exports that the glue calls. The memory is among them. */
function withoutUnused(section, glue) {
  let [count, at] = number(section, 0);
  const kept = [];
  for (; count > 0; count--) {
    const [title, kind] = name(section, at);
    const end = number(section, kind + 1)[1];
    if (glue.includes(`wasm.${title}`)) kept.push(section.subarray(at, end));
    at = end;
  }
  return Buffer.concat([Buffer.from(leb(kept.length)), ...kept]);
}

function withTraps(section, panics) {
  const all = bodies(section);
  const code = all.map((body, index) => (panics(index) ? Buffer.from(TRAP) : Buffer.concat([Buffer.from(leb(body.length)), body])));
  return Buffer.concat([Buffer.from(leb(all.length)), ...code]);
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
