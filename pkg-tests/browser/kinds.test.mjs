// What is rare in documents, in the engines: their own forms, requests, dates and digests' bytes are what the codec is made of.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, afterEach, before, describe } from "node:test";
import { DEADLINE_MS, test, within } from "../support/deadline.mjs";
import { ENGINES } from "../support/engines.mjs";
import { Gateway } from "../support/gateway.mjs";
import { pageUrl } from "../support/package.mjs";

const PROOF = createHash("sha256").update("n&1:pä").digest("base64");
const LIMITED = { timeout: DEADLINE_MS };
const DIALECT = {
  relatch: 1,
  name: "rare",
  attach: [{ query: "sid", value: "{access_token}" }, { body: "sid", value: "{access_token}" }, { header: "X-Signature", value: { $plugin: "sign" } }],
  expires: { unit: "iso8601" },
  login: {
    before: [{ request: { method: "POST", path: "/nonce", xml: { nonce: { "@for": "{identifier}" } } }, answers: [{ xml: { nonce: "{step.nonce}" }, means: "done" }] }],
    request: { method: "POST", path: "/login", multipart: { user: "{identifier}", proof: { $base64: { $sha256: "{step.nonce}:{password}" } } } },
    answers: [{ headers: { "x-token": "{access_token}" }, text: "until={expires}", means: "session" }],
  },
  refusals: [{ status: 401, means: "token-expired" }],
};

const PLAIN = {
  relatch: 1,
  name: "plain",
  attach: [{ header: "Authorization", value: "Bearer {access_token}" }],
  login: { request: { method: "POST", path: "/login", form: { user: "{identifier}" } }, answers: [{ json: { token: "{access_token}" }, means: "session" }] },
};

for (const engine of ENGINES) {
  describe(engine.name, () => {
    let [browser, gateway, context] = [];
    before(async () => {
      gateway = await new Gateway("http://127.0.0.1:9").open();
      browser = await engine.launch();
    }, LIMITED);
    afterEach(() => within(DEADLINE_MS, context?.close()), LIMITED);
    after(async () => {
      await browser?.close();
      gateway.close();
    }, LIMITED);

    /** What an API is asked that is signed in to and called, once by an address and once by an object. */
    async function asked() {
      context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(gateway.page);
      return page.evaluate(async ({ entry, dialect }) => {
        const { createClient } = await import(entry);
        const seen = [];
        const answers = {
          "/nonce": () => new Response('<?xml version="1.0"?><a:nonce xmlns:a="u"> n&amp;1 </a:nonce>'),
          "/login": () => new Response("until=2099-01-01 00:00:00.1234567", { headers: { "x-token": "t1" } }),
        };
        const fetch = async (input, init) => {
          const request = new Request(input, init);
          const { pathname, search } = new URL(request.url);
          const form = pathname === "/login" && [...(await request.clone().formData())];
          seen.push({ method: request.method, path: pathname + search, signature: request.headers.get("x-signature"), body: form || (await request.text()) });
          return (answers[pathname] ?? (() => new Response("{}")))();
        };
        const plugins = { sign: async (_, { method, url, body }) => `${method} ${new URL(url).search} ${body}`.trim() };
        const auth = createClient({ dialect, baseUrl: "https://api.example.com", storage: "memory", fetch, plugins });
        await auth.login({ identifier: "ada", password: "pä" });
        await auth.fetch("/orders?a=%20");
        await auth.fetch("/orders", { method: "PUT", body: new URLSearchParams("a=1") });
        await auth.fetch(new Request("https://api.example.com/orders?b", { method: "POST", body: '{"c":"ü"}' }));
        return { seen, expiresAt: auth.state.expiresAt };
      }, { entry: gateway.page + pageUrl("."), dialect: DIALECT });
    }

    test("a login by XML, multipart and a digest, and calls whose token is in query and body, are as elsewhere", async () => {
      const { seen, expiresAt } = await asked();
      assert.deepEqual(seen, [
        { method: "POST", path: "/nonce", signature: null, body: '<?xml version="1.0" encoding="UTF-8"?><nonce for="ada"></nonce>' },
        { method: "POST", path: "/login", signature: null, body: [["user", "ada"], ["proof", PROOF]] },
        { method: "GET", path: "/orders?a=%20&sid=t1", signature: "GET ?a=%20&sid=t1", body: "" },
        { method: "PUT", path: "/orders?sid=t1", signature: "PUT ?sid=t1 a=1&sid=t1", body: "a=1&sid=t1" },
        { method: "POST", path: "/orders?b&sid=t1", signature: 'POST ?b&sid=t1 {"c":"ü","sid":"t1"}', body: '{"c":"ü","sid":"t1"}' },
      ]);
      assert.ok(Math.abs(expiresAt - Date.UTC(2099, 0, 1)) < 60_000, `${new Date(expiresAt)}`);
    });

    for (const [what, dialect, files] of [
      ["a plain document", PLAIN, ["index.js", "relatch.wasm"]],
      ["one with moments", { ...PLAIN, expires: { unit: "iso8601" } }, ["index.js", "relatch.wasm"]],
      ["one with newer tokens in any answer", { ...PLAIN, observe: [{ json: { token: "{access_token}" } }] }, ["index.js", "full.js", "full.wasm"]],
      ["one with functions", { ...PLAIN, always: [{ header: "X-Id", value: { $uuid: true } }] }, ["index.js", "full.js", "full.wasm", "codec.js"]],
    ]) {
      test(`of the package a page loads for ${what} no more than it needs: ${files.join(", ")}`, async () => {
        context = await browser.newContext();
        const page = await context.newPage();
        await page.goto(gateway.page);
        const entry = gateway.page + pageUrl(".");
        const asked = await page.evaluate(async ({ entry, dialect }) => {
          const { createClient } = await import(entry);
          await createClient({ dialect, baseUrl: "https://api.example.com", storage: "memory", fetch: async () => Response.json({ token: "t" }) }).login({ identifier: "ada" });
          return performance.getEntriesByType("resource").map((it) => it.name);
        }, { entry, dialect });
        const folder = entry.slice(0, entry.lastIndexOf("/") + 1);
        assert.deepEqual(new Set(asked.filter((it) => it.startsWith(folder)).map((it) => it.slice(folder.length))), new Set(files));
      });
    }
  });
}
