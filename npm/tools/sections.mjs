// As much of WebAssembly's binary format as the build tools need (core specification, section 5).

export const [CUSTOM, IMPORTS, EXPORTS, ELEMENTS, CODE, DATA] = [0, 2, 7, 9, 10, 11];

/** An unsigned LEB128 number, and where it ends. */
export function number(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    value |= (byte & 127) << shift;
    if (byte < 128) return [value >>> 0, at];
  }
}

/** A number as unsigned LEB128. */
export function leb(value) {
  const bytes = [];
  do {
    bytes.push((value & 127) | (value > 127 ? 128 : 0));
    value >>>= 7;
  } while (value > 0);
  return bytes;
}

/** A name, and where it ends. */
export function name(bytes, at) {
  const [length, start] = number(bytes, at);
  return [bytes.toString("utf8", start, start + length), start + length];
}

/** The module's sections in their order: identifier and content. */
export function* sections(wasm) {
  for (let at = 8; at < wasm.length; ) {
    const [size, start] = number(wasm, at + 1);
    yield [wasm[at], wasm.subarray(start, start + size)];
    at = start + size;
  }
}

/** The module with what `change` makes of its sections. */
export function rewrite(wasm, change) {
  const out = [wasm.subarray(0, 8)];
  for (const [id, section] of sections(wasm)) {
    const changed = change(id, section);
    out.push(Buffer.from([id, ...leb(changed.length)]), changed);
  }
  return Buffer.concat(out);
}

/** Where the type of an import ends: of a function, table, memory, global or tag. */
export function importType(bytes, at) {
  const kind = bytes[at];
  if (kind === 0) return number(bytes, at + 1)[1];
  if (kind === 3) return at + 3;
  if (kind === 4) return number(bytes, at + 2)[1];
  const limits = kind === 1 ? at + 2 : at + 1;
  const [, afterMinimum] = number(bytes, limits + 1);
  return bytes[limits] & 1 ? number(bytes, afterMinimum)[1] : afterMinimum;
}

/** How many functions come before those of the code section. */
export function importedFunctions(wasm) {
  let functions = 0;
  for (const [id, section] of sections(wasm)) {
    if (id !== IMPORTS) continue;
    let [count, at] = number(section, 0);
    for (; count > 0; count--) {
      at = name(section, name(section, at)[1])[1];
      if (section[at] === 0) functions++;
      at = importType(section, at);
    }
  }
  return functions;
}

/** The code of each function of a code section. */
export function bodies(section) {
  let [count, at] = number(section, 0);
  const all = [];
  for (; count > 0; count--) {
    const [size, start] = number(section, at);
    all.push(section.subarray(start, (at = start + size)));
  }
  return all;
}
