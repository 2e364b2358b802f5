// What stands between the facade and the wasm, written anew: the generator's is for any program, three times as long, and would have to
// be cut down. Four functions go one way and one the other, with numbers and texts; a text is an address and a length, in UTF-8.

/** What the wasm may import, and what each is. */
const IMPORTS = {
  now: "now",
  told: "(session, what, at, length) => sessions.get(session)?.told(what, text(at, length))",
  obey: "(session, command, at, length) => sessions.get(session)?.obey(command, text(at, length))",
  lifetime: "(at, length) => lifetime(text(at, length))",
};

/** What the generator's has as well: nothing is thrown, and no JavaScript value crosses the boundary. */
const UNUSED = /^__wbg___wbindgen_throw_|^__wbindgen_init_externref_table$/;

/** The glue for the wasm that the generator's is for. What is new in that is noticed when the package is built, not by its users. */
export function glue(generated) {
  const names = [...generated.matchAll(/^ +(__wb\w+): function/gm)].map(([, name]) => name).filter((name) => !UNUSED.test(name));
  const imports = names.map((name) => {
    const what = IMPORTS[/^__wbg_([a-z]+)_[0-9a-f]{16}$/i.exec(name)?.[1]];
    if (!what) throw new Error(`the wasm imports something that there is no glue for: ${name}`);
    return `${name}: ${what}`;
  });
  return `
import { encoder, now } from "./runtime.js";
import { sessions } from "./sessions.js";
import { lifetime } from "./token.js";

let wasm;
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
// A view of the memory costs less than what would keep it, for it ends when the memory grows.
const memory = () => new Uint8Array(wasm.memory.buffer);
const text = (at, length) => decoder.decode(memory().subarray(at, at + length));

export function ask(session, message) {
  const bytes = encoder.encode(message);
  const at = wasm.__wbindgen_malloc(bytes.length, 1);
  memory().set(bytes, at);
  return wasm.ask(session, at, bytes.length) !== 0;
}

export function initSync(module) {
  wasm = new WebAssembly.Instance(module, { "./relatch_bg.js": { ${imports.join(", ")} } }).exports;
}
`;
}
