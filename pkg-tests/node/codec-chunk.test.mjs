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

/** The package without some of its files: what became of a login. */
function without(...files) {
  const it = {};
  before(async () => {
    it.folder = mkdtempSync(join(tmpdir(), "relatch-"));
    cpSync(join(ROOT, "dist"), it.folder, { recursive: true });
    cpSync(join(ROOT, "package.json"), join(it.folder, "package.json"));
    for (const file of files) rmSync(join(it.folder, file));
    it.package = await import(pathToFileURL(join(it.folder, "inline.js")));
  });
  after(() => rmSync(it.folder, { recursive: true }));
  return async (dialect, options) => {
    const auth = it.package.createClient({ dialect, baseUrl: api.url, storage: "memory", ...options });
    const failed = await auth.login(ADA).then(() => null, (error) => error);
    auth.dispose();
    return failed;
  };
}

const CODED = {
  "a function": plain({ request: { json: { a: { $md5: "{password}" } } } }),
  "a body of text": plain({ answer: { text: "{access_token}" } }),
  XML: plain({ answer: { xml: { a: "{access_token}" } } }),
  multipart: plain({ request: { json: undefined, multipart: { a: "{identifier}" } } }),
  "a token in the body": plain({ attach: [{ body: "t", value: "{access_token}" }] }),
  "a token in the query": plain({ attach: [{ query: "t", value: "{access_token}" }] }),
};

const STEP = { request: { method: "GET", path: "/nonce" }, answers: [{ status: 200, json: { nonce: "{step.nonce}" }, means: "done" }] };
const LEAVE = { request: { method: "POST", path: "/leave" }, answers: [{ means: "done" }] };
const { login } = plain();

const FULL = {
  "a challenge": plain({ challenges: { code: LEAVE } }),
  "tokens that come along": plain({ observe: [{ json: { token: "{access_token}" } }] }),
  "a step before": plain({ login: { ...login, before: [STEP] } }),
  "a step before an operation that is called like a part of a request": plain({ operations: { query: { ...LEAVE, before: [STEP] } } }),
  "a value in a path": plain({ request: { path: "/login/{identifier}" } }),
  "a token in a header": plain({ answer: { headers: { "X-Token": "{access_token}" } } }),
  "a refusal with any status": plain({ refusals: [{ json: { code: "expired" }, means: "token-expired" }] }),
  "an operation that gives a token": plain({ operations: { change: { ...LEAVE, answers: [{ status: 200, json: { token: "{access_token}" }, means: "done" }] } } }),
  "a value beside its tokens": plain({ answer: { json: { id: "{session.id}", token: "{access_token}" } } }),
};

describe("without the codec", () => {
  const failure = without("codec.js");

  for (const [what, dialect] of Object.entries(CODED)) {
    test(`${what} asks for it, and the login is one that may be tried again`, async () => {
      const { code, retryable, details } = await failure(dialect);
      assert.deepEqual([code, retryable, details], ["network", true, { argument: "codec" }]);
      assert.deepEqual(api.seen, []);
    });
  }

  for (const [what, dialect] of Object.entries(FULL)) {
    test(`${what} does not ask for it`, async () => assert.notEqual((await failure(dialect))?.details.argument, "codec"));
  }
});

describe("without the full engine", () => {
  const failure = without("codec.js", "full.js", "full-inline.js", "full-workerd.js", "full.wasm");

  for (const [name, dialect] of Object.entries(dialects)) {
    test(`${name} is spoken: its login is sent`, async () => {
      assert.notEqual((await failure(dialect)).code, "network");
      assert.equal(api.seen.length, 1);
    });
  }

  for (const [what, dialect] of Object.entries({
    "a form": plain({ request: { json: undefined, form: { user: "{identifier}", scope: ["a", "b"] } } }),
    "constants in the query and in headers": plain({ request: { query: { version: 2 }, headers: { "X-Key": "k" } }, always: [{ header: "X-App", value: "a" }] }),
    "the platform's cookies": plain({ attach: [{ cookies: true }], answer: { json: {} } }),
    "an operation that answers with any status": plain({ operations: { leave: LEAVE } }),
    "a lifetime in seconds": plain({ expires: { unit: "seconds", jwt: true, after_secs: 60 } }),
    "a moment, and an end by idling": plain({ expires: { unit: "iso8601", idle_secs: 60 } }),
    "names of its own that are like the format's": plain({ request: { json: { text: "{identifier}", body: "x", xml: 1, before: 2, path: "{password}", multipart: { text: "y" } } } }),
    "the address of its schema": { ...plain(), $schema: "./dialect.schema.json" },
  })) {
    test(`a document with ${what} is spoken`, async () => assert.equal(await failure(dialect), null));
  }

  for (const [what, dialect] of Object.entries({ ...FULL, ...CODED })) {
    test(`${what} asks for it, and the login is one that may be tried again`, async () => {
      const { code, retryable, details } = await failure(dialect);
      assert.deepEqual([code, retryable, details], ["network", true, { argument: "full" }]);
      assert.deepEqual(api.seen, []);
    });
  }
});

describe("a wasm that the app brings", () => {
  const wasm = (name) => readFileSync(join(ROOT, "dist", name));
  const failure = without();

  test("has to be the one that the document needs; after the wrong one the next may be right", async () => {
    assert.deepEqual((await failure(FULL["a challenge"], { wasm: wasm("relatch.wasm") })).details, { argument: "wasm" });
    assert.equal(await failure(FULL["a challenge"], { wasm: wasm("full.wasm") }), null);
    assert.deepEqual((await failure(plain(), { wasm: wasm("full.wasm") })).details, { argument: "wasm" });
    assert.equal(await failure(plain(), { wasm: wasm("relatch.wasm") }), null);
  });
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
