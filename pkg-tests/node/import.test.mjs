// What importing does: nothing. And which file each kind of tool gets.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { build } from "esbuild";
import { ROOT, manifest, resolve } from "../support/package.mjs";
import { module } from "../support/process.mjs";

const SUBPATHS = ["relatch", "relatch/inline", "relatch/sync", "relatch/dialects", "relatch/dialects/gatego", "relatch/testing"];


for (const subpath of SUBPATHS) {
  test(`importing ${subpath} touches no global, reads no file, asks no network and starts nothing`, async () => {
    const source = `
      const touched = [];
      const watched = (name) => new Proxy(function () {}, {
        get: (_, key) => (touched.push(name + "." + String(key)), undefined),
        apply: () => void touched.push(name + "()"),
        construct: () => (touched.push("new " + name), {}),
      });
      for (const name of ["window", "document", "localStorage", "sessionStorage", "indexedDB", "BroadcastChannel", "fetch", "WebSocket"])
        Object.defineProperty(globalThis, name, { value: watched(name), configurable: true });
      for (const name of ["instantiate", "compile", "instantiateStreaming", "compileStreaming"]) WebAssembly[name] = watched("WebAssembly." + name);
      const timers = ["setTimeout", "setInterval", "queueMicrotask", "setImmediate"];
      for (const name of timers) globalThis[name] = watched(name);
      const before = Reflect.ownKeys(globalThis).length;
      await import(${JSON.stringify(subpath)});
      console.log(JSON.stringify([touched, Reflect.ownKeys(globalThis).length - before]));`;
    assert.deepEqual(JSON.parse(await module(source)), [[], 0]);
  });
}

test("making a client on a server starts nothing: the process ends by itself, signed in nowhere", async () => {
  const source = `
    import { createClient } from "relatch";
    import { gatego } from "relatch/dialects";
    globalThis.fetch = () => { throw new Error("a request was sent"); };
    const auth = createClient({ dialect: gatego, baseUrl: "http://127.0.0.1:9" });
    console.log(auth.state.status, auth.getServerSnapshot().status, auth.getServerSnapshot() === auth.getServerSnapshot());`;
  assert.equal(await module(source), "loading loading true");
});

describe("exports", () => {
  for (const [subpath, conditions] of [
    [".", ["browser", "import"]],
    [".", ["node", "import"]],
    [".", ["worker", "import"]],
    [".", ["workerd", "worker", "browser", "import"]],
    [".", ["import"]],
    ["./inline", ["browser", "import"]],
    ["./sync", ["browser", "import"]],
    ["./dialects", ["browser", "import"]],
    ["./testing", ["browser", "import"]],
    ["./relatch.wasm", []],
    ["./full.wasm", []],
    ["./package.json", []],
  ]) {
    test(`${subpath} leads to a file under ${conditions.join(", ") || "no condition"}`, () => {
      const file = resolve(subpath, conditions);
      assert.ok(file && existsSync(join(ROOT, file)), `it leads to ${file}`);
    });
  }

  test("Cloudflare's runtime gets an entry that imports the wasm as a module", () => {
    const text = readFileSync(join(ROOT, resolve(".", ["workerd", "worker", "browser", "import"])), "utf8");
    assert.match(text, /(?:import|from)\s*["']\.\/[\w.]+\.wasm["']/);
    assert.doesNotMatch(text, /import\.meta\.url/);
  });

  test("every entry has its types", () => {
    for (const subpath of Object.keys(manifest().exports).filter((it) => !/\.(wasm|json)$|\*/.test(it))) {
      const types = resolve(subpath, ["types", "import"]);
      assert.ok(types.endsWith(".d.ts") && existsSync(join(ROOT, types)), `${subpath}: ${types}`);
    }
  });

  test("nothing else of the package can be reached", async () => {
    await assert.rejects(import("relatch/dist/session.js"), { code: "ERR_PACKAGE_PATH_NOT_EXPORTED" });
  });
});

describe("bundled", () => {
  const bundle = async (contents, options) => {
    const stdin = { contents, resolveDir: import.meta.dirname };
    const { outputFiles } = await build({ stdin, bundle: true, format: "esm", write: false, minify: true, logLevel: "silent", ...options });
    return outputFiles[0].text;
  };

  test("a page's bundle names the wasm beside the module, and carries no copy of it", async () => {
    const text = await bundle('import { createClient } from "relatch"; console.log(createClient);', { platform: "browser" });
    assert.match(text, /new URL\("[^"]+\.wasm",\s*import\.meta\.url\)/);
    assert.ok(text.length < 60_000, `${text.length} characters`);
  });

  test("a page that takes one dialect does not get the others", async () => {
    const text = await bundle('import { gatego } from "relatch/dialects"; console.log(gatego);', { platform: "browser" });
    assert.match(text, /refresh-token/);
    for (const other of ["generate-token", "Respuesta", "Login exitoso", "uiPermissions"]) assert.ok(!text.includes(other), other);
  });

  test("an import that is not used leaves nothing behind", async () => {
    const text = await bundle('import { createClient } from "relatch"; import "relatch/dialects"; console.log(1);', { platform: "browser" });
    assert.ok(text.length < 100, text.slice(0, 400));
  });

  test("the inline entry works as one file without anything beside it", async () => {
    const source = `
      import { decodeUnverified } from "relatch/inline";
      console.log(JSON.stringify(await decodeUnverified("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2ln")));`;
    const text = await bundle(source, { platform: "node" });
    assert.deepEqual(JSON.parse(await module(text)), { header: { alg: "HS256" }, claims: { sub: "ada" } });
  });
});

test("the package carries its licences, and no path of the machine that built it", () => {
  for (const file of ["LICENSE-MIT", "LICENSE-APACHE"]) assert.ok(existsSync(join(ROOT, file)), file);
  for (const name of ["./relatch.wasm", "./full.wasm"]) {
    const wasm = readFileSync(join(ROOT, resolve(name, [])), "latin1");
    const [path] = wasm.match(/\/(?:home|root|Users|work)\/[\w./-]*/) ?? [];
    assert.equal(path, undefined);
  }
});
