// Sessions that live in cookies, which the platform keeps and no script sees.

import assert from "node:assert/strict";
import { after, afterEach, before, describe } from "node:test";
import { ADA, CookieServer, DIALECT } from "../support/cookie-server.mjs";
import { DEADLINE_MS, test, within } from "../support/deadline.mjs";
import { ENGINES } from "../support/engines.mjs";
import { Gateway } from "../support/gateway.mjs";
import { pageUrl } from "../support/package.mjs";

const LIMITED = { timeout: DEADLINE_MS };

for (const engine of ENGINES) {
  describe(engine.name, () => {
    let [browser, api, gateway, context] = [];
    before(async () => {
      api = await new CookieServer().open();
      gateway = await new Gateway(api.address).open();
      browser = await engine.launch();
    }, LIMITED);
    afterEach(() => within(DEADLINE_MS, context?.close()), LIMITED);
    after(async () => {
      await browser?.close();
      gateway.close();
      api.close();
    }, LIMITED);

    /** Loads the package in a page and makes a client there, named `auth`. */
    async function load(page) {
      const given = { entry: gateway.page + pageUrl("."), options: { dialect: DIALECT, baseUrl: api.address, storage: "local" } };
      await page.evaluate(async ({ entry, options }) => {
        const { createClient } = await import(entry);
        globalThis.auth = createClient(options);
        globalThis.codeOf = (promise) => promise.then(() => null, ({ code }) => code);
        await globalThis.auth.ready();
      }, given);
    }

    async function open() {
      context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(gateway.page);
      await load(page);
      return page;
    }

    async function signedIn() {
      const page = await open();
      await page.evaluate((ada) => globalThis.auth.login(ada).then(() => null), ADA);
      return page;
    }

    const call = (page, path, method) => page.evaluate(async ([path, method]) => (await globalThis.auth.fetch(path, { method })).status, [path, method]);

    test("a login by cookie signs in, and calls carry it and what guards it", async () => {
      const page = await signedIn();
      const state = await page.evaluate(() => JSON.parse(JSON.stringify(globalThis.auth.state)));
      assert.deepEqual([state.status, state.user, state.claims], ["signed-in", { name: "ada" }, null]);
      assert.equal(await call(page, "/me", "GET"), 200);
      assert.equal(await call(page, "/orders", "POST"), 200);
    });

    test("a wrong password is refused, and nobody is signed in", async () => {
      const page = await open();
      assert.equal(await page.evaluate((ada) => globalThis.codeOf(globalThis.auth.login(ada)), { ...ADA, password: "wrong" }), "bad-credentials");
      assert.equal(await page.evaluate(() => globalThis.auth.state.status), "signed-out");
    });

    test("there is no token to show, and none is stored", async () => {
      const page = await signedIn();
      assert.equal(await page.evaluate(() => globalThis.codeOf(globalThis.auth.token())), "no-token");
      const stored = await page.evaluate(async () => (await import(`${location.origin}/page-storage.mjs`)).records());
      assert.ok(!JSON.stringify(stored).includes([...api.sessions].at(-1)));
    });

    test("the session outlives a reload", async () => {
      const page = await signedIn();
      await page.reload();
      await load(page);
      assert.equal(await page.evaluate(() => globalThis.auth.state.status), "signed-in");
      assert.equal(await call(page, "/orders", "POST"), 200);
    });

    test("where the server has forgotten it and nothing renews, it ends", async () => {
      const page = await signedIn();
      api.sessions.clear();
      await page.evaluate(() => globalThis.auth.fetch("/me").catch(() => {}).then(() => null));
      assert.deepEqual(await page.evaluate(() => [globalThis.auth.state.status, globalThis.auth.state.ended]), ["signed-out", "expired"]);
    });

    test("a log-out ends it on the server too", async () => {
      const page = await signedIn();
      const before = api.sessions.size;
      await page.evaluate(() => globalThis.auth.logout());
      assert.equal(api.sessions.size, before - 1);
      assert.equal(await page.evaluate(() => globalThis.auth.state.status), "signed-out");
    });
  });
}
