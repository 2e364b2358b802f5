// The test kit in pages: the same fake and the same clock, over a browser's own locks, storage and bodies.

import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { test } from "../support/deadline.mjs";
import { ENGINES } from "../support/engines.mjs";
import { Gateway } from "../support/gateway.mjs";
import { pageUrl } from "../support/package.mjs";

// Runs in the page.
async function stageOf(urls) {
  const [relatch, dialects, testing] = await Promise.all(urls.map((it) => import(it)));
  globalThis.signedIn = async (name) => {
    const baseUrl = "https://api.example.com";
    const ada = { identifier: "ada", password: "correct horse 9" };
    const clock = testing.installClock();
    const api = testing.fakeApi({ dialect: dialects[name], baseUrl, users: [ada], calls: () => "orders" });
    const auth = relatch.createClient({ dialect: dialects[name], baseUrl, fetch: api.fetch, renewal: { credentials: true } });
    await auth.login(ada);
    return { clock, api, auth, renewals: () => api.count(name === "gatego" ? "renew" : "login") - (name === "gatego" ? 0 : 1) };
  };
}

for (const engine of ENGINES) {
  describe(engine.name, () => {
    let browser, gateway;
    before(async () => {
      gateway = await new Gateway("http://127.0.0.1:9").open();
      browser = await engine.launch();
    });
    after(async () => {
      await browser?.close();
      gateway.close();
    });

    async function inPage(body, name) {
      const page = await (await browser.newContext()).newPage();
      await page.goto(gateway.page);
      await page.evaluate(stageOf, [".", "./dialects", "./testing"].map((it) => gateway.page + pageUrl(it)));
      return page.evaluate(body, name);
    }

    for (const name of ["gatego", "stockapi"]) {
      test(`${name}: a day goes by in one step, and each token is renewed ahead of its end`, async () => {
        const told = await inPage(async (name) => {
          const { clock, auth, renewals } = await signedIn(name);
          const lifetimes = 86_400_000 / (auth.state.expiresAt - Date.now());
          await clock.advance(86_400_000);
          const events = auth.history().map(({ event }) => event);
          return { lifetimes, renewals: renewals(), status: (await auth.fetch("/orders")).status, failed: events.includes("renewal-failed") };
        }, name);
        assert.deepEqual([told.status, told.failed], [200, false]);
        assert.ok(told.renewals >= told.lifetimes && told.renewals <= told.lifetimes * 1.5, JSON.stringify(told));
      });
    }

    test("what comes of a transaction a few turns after its end is waited for, too", async () => {
      const done = await inPage(async () => {
        const { clock } = await signedIn("gatego");
        const turn = () =>
          new Promise((resolve) => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => (port1.close(), resolve());
            port2.postMessage(null);
          });
        const database = await new Promise((resolve, reject) => {
          const opening = indexedDB.open("turns", 1);
          opening.onupgradeneeded = () => opening.result.createObjectStore("turns");
          Object.assign(opening, { onsuccess: () => resolve(opening.result), onerror: reject });
        });
        let done = 0;
        const write = async () => {
          const transaction = database.transaction("turns", "readwrite");
          transaction.objectStore("turns").put(done, "turn");
          await new Promise((resolve) => (transaction.oncomplete = resolve));
          for (let left = 8; left > 0; left--) await turn();
          if (++done < 10) await write();
        };
        void write();
        await clock.settle();
        return done;
      });
      assert.equal(done, 10);
    });

    test("a renewal that nobody answers ends by the client's deadline, without waiting for it", async () => {
      const told = await inPage(async () => {
        const { clock, api, auth } = await signedIn("gatego");
        api.fault({ kind: "delay", ms: Infinity, operation: "renew" });
        const outcome = auth.renew().catch(({ code }) => code);
        await clock.advance(60_000);
        return [await outcome, auth.state.status];
      });
      assert.deepEqual(told, ["timeout", "signed-in"]);
    });

    test("a database is waited for before a timer fires that would give it up", async () => {
      const outcomes = await inPage(async () => {
        const { clock } = await signedIn("gatego");
        const looked = () =>
          new Promise((resolve) => {
            setTimeout(resolve, 5000, "given up");
            const opening = indexedDB.open("test", 1);
            opening.onupgradeneeded = () => opening.result.createObjectStore("table");
            opening.onsuccess = () => {
              const transaction = opening.result.transaction("table", "readwrite");
              // So much that it outlasts whatever turns of the event loop a clock might wait for instead.
              for (let key = 0; key < 5000; key++) transaction.objectStore("table").put("x".repeat(1000), key);
              transaction.objectStore("table").put("there", "key");
              transaction.oncomplete = () => {
                opening.result.transaction("table").objectStore("table").get("key").onsuccess = ({ target }) => resolve(target.result);
              };
            };
          });
        const outcomes = [];
        for (let at = 1; at <= 5; at++) setTimeout(async () => outcomes.push(await looked()), at * 1000);
        await clock.advance(20_000);
        return outcomes;
      });
      assert.deepEqual(outcomes, Array(5).fill("there"));
    });

    test("what is cut breaks off in the middle of its body", async () => {
      const told = await inPage(async () => {
        const { api, auth } = await signedIn("gatego");
        api.fault({ kind: "cut" });
        const response = await auth.fetch("/orders");
        // Engines differ in how they name it.
        return [response.status, await response.text().then(() => "whole", () => "broken")];
      });
      assert.deepEqual(told, [200, "broken"]);
    });
  });
}
