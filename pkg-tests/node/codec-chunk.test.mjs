// What is rare in documents lies in a chunk of its own, which is loaded for a document that needs it, and for no other.

import assert from "node:assert/strict";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import * as dialects from "relatch/dialects";
import { test } from "../support/deadline.mjs";
import { ROOT } from "../support/package.mjs";
import { module } from "../support/process.mjs";
import { ADA, TOKEN, plain, scripted } from "../support/scripted.mjs";

const api = scripted();
const BASIC = plain({ request: { headers: { "X-Basic": { $base64: "{identifier}:{password}" } } } });

describe("without the chunk", () => {
  let folder;
  let createClient;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "relatch-"));
    cpSync(join(ROOT, "dist"), folder, { recursive: true });
    cpSync(join(ROOT, "package.json"), join(folder, "package.json"));
    rmSync(join(folder, "codec.js"));
    ({ createClient } = await import(pathToFileURL(join(folder, "inline.js"))));
  });
  after(() => rmSync(folder, { recursive: true }));

  async function login(dialect) {
    const auth = createClient({ dialect, baseUrl: api.url, storage: "memory" });
    const failed = await auth.login(ADA).then(() => null, (error) => error);
    auth.dispose();
    return failed;
  }

  for (const [name, dialect] of Object.entries(dialects)) {
    test(`${name} is spoken: its login is sent`, async () => {
      assert.notEqual((await login(dialect)).details.argument, "codec");
      assert.equal(api.seen.length, 1);
    });
  }

  test("names of the API's own that are like what is in the chunk do not ask for it", async () => {
    assert.equal(await login(plain({ request: { json: { text: "{identifier}", body: "x", xml: 1, multipart: { text: "y" } } } })), null);
    assert.equal(await login({ ...plain(), $schema: "./dialect.schema.json" }), null);
  });

  for (const [what, dialect] of Object.entries({
    "a function": plain({ request: { json: { a: { $md5: "{password}" } } } }),
    "a body of text": plain({ answer: { text: "{access_token}" } }),
    XML: plain({ answer: { xml: { a: "{access_token}" } } }),
    multipart: plain({ request: { json: undefined, multipart: { a: "{identifier}" } } }),
    "a token in the body": plain({ attach: [{ body: "t", value: "{access_token}" }] }),
  })) {
    test(`${what} asks for it, and the login is one that may be tried again`, async () => {
      const { code, retryable, details } = await login(dialect);
      assert.deepEqual([code, retryable, details], ["network", true, { argument: "codec" }]);
      assert.deepEqual(api.seen, []);
    });
  }
});

test("what is bundled into it stands there with its licences", () => {
  const notice = readFileSync(join(ROOT, "dist/codec.LICENSES.txt"), "utf8");
  for (const name of ["@noble/hashes", "@rgrove/parse-xml"]) assert.ok(notice.includes(name), name);
  assert.match(notice, /MIT[^]*Permission to use, copy, modify, and\/or distribute/);
});

describe("bundled", () => {
  const contents = (url) => `
    import { createClient } from "relatch/inline";
    const auth = createClient({ dialect: ${JSON.stringify(BASIC)}, baseUrl: ${JSON.stringify(url)}, storage: "memory" });
    await auth.login(${JSON.stringify(ADA)});
    console.log(await auth.token());`;
  const bundle = async (options) => {
    const stdin = { contents: contents(api.url), resolveDir: import.meta.dirname };
    const outdir = mkdtempSync(join(tmpdir(), "relatch-"));
    after(() => rmSync(outdir, { recursive: true }));
    const { outputFiles } = await build({ stdin, bundle: true, format: "esm", platform: "node", outdir, write: false, minify: true, logLevel: "silent", ...options });
    return outputFiles;
  };

  test("as one file it is inside, and works", async () => {
    const [{ text }] = await bundle({});
    assert.equal(await module(text), TOKEN);
  });

  test("with splitting it is a chunk of its own, which the first file does not carry", async () => {
    const files = await bundle({ splitting: true });
    const entry = files.find((it) => it.path.endsWith("stdin.js"));
    assert.ok(files.length > 1 && entry.text.length < 40_000, `${files.length} files, the first has ${entry.text.length} characters`);
    assert.ok(!entry.text.includes("$hmac-"));
  });
});

test("the chunk is a file of the package that nobody imports by name", async () => {
  assert.ok(existsSync(join(ROOT, "dist/codec.js")));
  await assert.rejects(import("relatch/dist/codec.js"), { code: "ERR_PACKAGE_PATH_NOT_EXPORTED" });
});

describe("a document that nobody should have written", () => {
  const cyclic = plain();
  cyclic.login.request.json.self = cyclic;
  let deep = { $md5: "{password}" };
  for (let depth = 0; depth < 200; depth++) deep = { $lower: deep };
  for (const [what, dialect] of Object.entries({
    "that is in itself": cyclic,
    "that is deeper than any may be": plain({ request: { json: { a: deep } } }),
    "that has no login": { ...plain(), login: undefined },
  })) {
    test(`${what} is refused, and nothing is sent`, async () => {
      const failed = await api.client(dialect).login(ADA).then(() => null, (error) => error.code);
      assert.ok(["invalid-dialect", "invalid-argument"].includes(failed), failed);
      assert.deepEqual(api.seen, []);
    });
  }

  test("cannot pollute what all objects have in common", async () => {
    const request = JSON.parse('{"json":{"__proto__":{"polluted":"{identifier}"},"constructor":{"$lower":"{identifier}"},"a":{"$plugin":"toString"}}}');
    const failed = await api.client(plain({ request })).login(ADA).then(() => null, (error) => error.code);
    assert.deepEqual([failed, {}.polluted], ["plugin-failed", undefined]);
  });
});
