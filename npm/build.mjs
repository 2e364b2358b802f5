// Builds `dist` from the facade and the generated glue: `node npm/build.mjs <folder with the two builds, "plain" and "full">`.

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { minify } from "terser";
import { dialectModule, identifier } from "./tools/dialect-module.mjs";
import { glue as glueFor } from "./tools/glue.mjs";
import { named } from "./tools/order.mjs";
import { shorten } from "./tools/shorten.mjs";
import { trim } from "./tools/trim.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const [work, dist] = [join(here, "build"), join(here, "dist")];
const bindgen = resolve(process.argv[2] ?? "");
/** Names of properties that only the package's own modules know: the same short ones stand for them in all of its files. */
const INTERNAL = /^(?:listeners|hooks|clients|isExpired|extras|follows|judge|loading|initSync|errorOf|look|told|obey|listen|fresh|tell|source|sessions|plain|element|failed)$/;
let mangleCache = {};
/** What the wasm imports its functions from, which is its own in each build: neither runs with the other's glue. */
const MODULES = { plain: ".", full: "+" };

for (const folder of [work, dist]) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
}
cpSync(join(here, "src"), work, { recursive: true });
for (const name of ["runtime", "store", "token"]) cpSync(join(here, `../src/browser/${name}.js`), join(work, `${name}.js`));
writeEngine("plain", "relatch.wasm", "glue.js", "bytes.js");
writeEngine("full", "full.wasm", "full-glue.js", "full-bytes.js");
const dialects = writeDialects("dialects", join(here, "../dialects/documents"));
const gallery = writeDialects("gallery", join(here, "../dialects/gallery"));
writeIssues(join(here, "../dialects/documents"));
for (const licence of ["LICENSE-APACHE", "LICENSE-MIT"]) cpSync(join(here, "..", licence), join(here, licence));

execFileSync(process.execPath, [join(here, "node_modules/typescript/bin/tsc"), "-p", join(here, "tsconfig.json")], { stdio: "inherit" });
cpSync(join(work, "bytes.js"), join(dist, "bytes.js"));
const external = ["./*.wasm", "./bytes.js", "./codec.js", "./full.js", "./full-inline.js", "./full-workerd.js"];
await bundle(["index", "inline", "sync", "workerd"], { bundle: true, external, mangleProps: INTERNAL });
await bundle(["full", "full-inline", "full-workerd"], { bundle: true, external: ["./*.wasm", "./codec.js"], mangleProps: INTERNAL });
await bundle(["codec"], { bundle: true, mangleProps: INTERNAL });
writeFileSync(join(dist, "codec.LICENSES.txt"), ["@noble/hashes", "@rgrove/parse-xml"].map(licence).join("\n"));
await bundle([...dialects, ...gallery], {});
await bundle(["testing/index"], { bundle: true });

/** One build of the wasm, its glue, and its bytes as a module. */
function writeEngine(build, wasmName, glueName, bytesName) {
  const own = glueFor(readFileSync(join(bindgen, build, "relatch.js"), "utf8"));
  const optimised = optimise(readFileSync(join(bindgen, build, "relatch_bg.wasm")), own);
  const { glue, wasm } = shorten(own, optimised, MODULES[build]);
  writeFileSync(join(work, glueName), glue);
  writeFileSync(join(work, bytesName), `export default "${Buffer.from(wasm).toString("base64")}";\n`);
  writeFileSync(join(dist, wasmName), wasm);
}

/**
 * As small as it gets. The features are those that every engine the package supports has had for years. Rust keeps nothing below
 * the first megabyte. Not `--traps-never-happen`: it saves sixty bytes and takes bounds checks away. How accesses are aligned is only
 * a hint; without any, more of them are alike.
 */
function optimise(wasm, glue) {
  const passes = ["--low-memory-unused", "-Oz", "--flatten", "--rereloop", "-Oz", "--monomorphize", "-Oz", "--always-inline-max-function-size=4", "--one-caller-inline-max-function-size=200", "--dealign"];
  const small = wasmOpt(trim(wasm, glue), [...passes, "--strip-debug", "--strip-producers", "--strip-target-features"]);
  return wasmOpt(named(small), ["--optimize-level=2", "--shrink-level=2", "--reorder-functions-by-name", "--strip-debug"]);
}

function wasmOpt(wasm, passes) {
  const [before, after] = [join(work, "before.wasm"), join(work, "after.wasm")];
  writeFileSync(before, wasm);
  const features = ["bulk-memory", "reference-types", "multivalue", "sign-ext", "mutable-globals", "nontrapping-float-to-int"];
  const args = [...features.map((it) => `--enable-${it}`), ...passes, before, "-o", after];
  execFileSync(process.execPath, [join(here, "node_modules/binaryen/bin/wasm-opt"), ...args], { stdio: "inherit" });
  return readFileSync(after);
}

/** What a package that is bundled asks to be kept with its code. */
function licence(name) {
  const folder = join(here, "node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, "LICENSE"), "utf8")}`;
}

/** One module for each document of a folder, and one that has them all; a bundler keeps those that are used. */
function writeDialects(name, folder) {
  const names = documents(folder);
  mkdirSync(join(work, name));
  const module = (name, text) => (writeFileSync(join(work, `${name}.ts`), text), name);
  const all = names.map((it) => `export { ${identifier(it)} } from "./${it}.js";\n`);
  return [...names.map((it) => module(`${name}/${it}`, dialectModule(readDocument(folder, it)))), module(`${name}/index`, all.join(""))];
}

function documents(folder) {
  const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
  return files.map((file) => basename(file, ".json")).sort();
}

function readDocument(folder, name) {
  return JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8"));
}

/** The server's halves of the documents, which pages are spared, for the fake APIs of `relatch/testing`. */
function writeIssues(folder) {
  const issues = documents(folder).map((name) => [name, readDocument(folder, name).issue]);
  writeFileSync(join(work, "testing", "issues.js"), `export const issues = ${JSON.stringify(Object.fromEntries(issues))};\n`);
}

/** By two programs: one bundles, and drops what nobody imports; the other, given the whole, finds a few hundred bytes more. */
async function bundle(entries, options) {
  const { outputFiles, mangleCache: names } = await build({
    entryPoints: entries.map((name) => ({ in: join(work, `${name}.ts`), out: name })),
    outdir: dist,
    format: "esm",
    target: "es2022",
    minify: true,
    legalComments: "none",
    logLevel: "warning",
    write: false,
    mangleCache,
    ...options,
  });
  mangleCache = { ...mangleCache, ...names };
  for (const { path, text } of outputFiles) {
    // Unsafe for functions that are called with `new`, of which there are none.
    const { code } = await minify(text, { module: true, ecma: 2020, compress: { passes: 5, hoist_funs: true, unsafe_arrows: true } });
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, code);
  }
}
