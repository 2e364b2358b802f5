// Prints what a page loads that imports the package: the browser's entry and all that it reaches, raw and after brotli; then what it
// loads besides for a document that has more in it than most.
import { existsSync, readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const root = process.argv[1];
const conditions = ["browser", "import", "default"];

// The package's own way of choosing an entry: the first condition that holds, nested as deep as it likes.
function choose(target) {
  if (typeof target === "string") return target;
  const key = Object.keys(target ?? {}).find((key) => conditions.includes(key) && choose(target[key]));
  return key && choose(target[key]);
}

// Imports, and files named relative to the module.
const references = [
  /(?:\bfrom|\bimport)\s*["'](\.{1,2}\/[^"']+)["']/g,
  /new URL\(\s*["']([^"':]+)["']\s*,\s*import\.meta\.url/g,
];

// What is loaded when it is needed, which for most documents is never.
const later = [/\bimport\s*\(\s*["'](\.{1,2}\/[^"']+)["']/g];

function reach(file, references, found = new Set()) {
  if (found.has(file) || !existsSync(file)) return found;
  found.add(file);
  if (!/\.m?js$/.test(file)) return found;
  const text = readFileSync(file, "utf8");
  for (const reference of references)
    for (const [, target] of text.matchAll(reference)) reach(resolve(dirname(file), target), references, found);
  return found;
}

function compressed(bytes) {
  const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT } = constants;
  return brotliCompressSync(bytes, { params: { [BROTLI_PARAM_QUALITY]: 11, [BROTLI_PARAM_SIZE_HINT]: bytes.length } }).length;
}

const entry = choose(JSON.parse(readFileSync(resolve(root, "package.json"), "utf8")).exports?.["."]);
if (!entry) throw new Error("package.json exports no entry for a browser");
const files = [...reach(resolve(root, entry), references)];
const others = [...reach(resolve(root, entry), [...references, ...later])].filter((file) => !files.includes(file));
if (!files.some((file) => file.endsWith(".wasm"))) throw new Error(`${entry} does not lead to the wasm`);

const row = (file) => [relative(root, file), readFileSync(file)].flatMap((it) => (typeof it === "string" ? [it] : [it.length, compressed(it)]));
const rows = files.map(row);
rows.push(["total", ...[1, 2].map((column) => rows.reduce((sum, row) => sum + row[column], 0))]);
rows.push(...others.map(row).map(([name, ...sizes]) => [`${name}, if needed`, ...sizes]));
const width = Math.max(...rows.map(([name]) => name.length));
console.log(`${"file".padEnd(width)}  ${"raw".padStart(8)}  ${"brotli".padStart(8)}`);
for (const [name, raw, small] of rows)
  console.log(`${name.padEnd(width)}  ${String(raw).padStart(8)}  ${String(small).padStart(8)}`);
