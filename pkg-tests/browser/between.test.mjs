// What stands between a call and its server: redirects to elsewhere, modes of fetch that send no headers, workers of both kinds.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe } from "node:test";
import { eventually, test } from "../support/deadline.mjs";
import { ENGINES } from "../support/engines.mjs";
import { Foreign } from "../support/foreign.mjs";
import { pageUrl } from "../support/package.mjs";
import { BrowserStage, staged } from "../support/stage.mjs";

const CUSTOM = [{ header: "X-Access-Token", value: "{access_token}" }];
const RENEWAL = "/gatego/auth/refresh-token";

for (const engine of ENGINES) {
  describe(engine.name, () => {
    const stage = staged(() => new BrowserStage(engine));
    const foreign = new Foreign();
    before(() => foreign.open());
    beforeEach(() => void (foreign.seen.length = 0));
    after(() => foreign.close());

    async function signedIn(options, prepare = () => {}) {
      const tab = await stage.tab();
      await prepare(tab);
      await tab.lab.open("app", stage.options("gatego", options));
      assert.equal((await stage.login(tab, "gatego", "ada")).code, null);
      return tab;
    }

    const signs = async (tab) => (await tab.lab.state("app")).status;

    function redirect(method, path, status, location) {
      stage.gateway.instead(method, path, ({ headers }) => ({ status, headers: { ...headers, location }, body: "" }));
    }

    function assertNoTokens(seen) {
      for (const token of stage.gateway.tokens) assert.ok(!JSON.stringify(seen).includes(token), "a token went elsewhere");
    }

    test("a call that is redirected to another origin goes there without the token", async () => {
      const tab = await signedIn();
      for (const status of [302, 307]) {
        redirect("GET", "/gatego/me", status, `${foreign.url}/me`);
        assert.equal((await tab.lab.call("app", "/me")).status, 200);
      }
      assert.ok(foreign.seen.length >= 2);
      assertNoTokens(foreign.seen);
      assert.equal(await signs(tab), "signed-in");
    });

    test("a call with its token in a header that fetch would carry along follows no redirect, not even to the API's own origin", async () => {
      const tab = await signedIn({ attach: CUSTOM });
      for (const location of [`${foreign.url}/me`, "/integra/me"]) {
        redirect("GET", "/gatego/me", 302, location);
        assert.equal((await tab.lab.call("app", "/me")).code, "platform: TypeError");
      }
      assert.deepEqual([foreign.seen.length, stage.gateway.count("GET", "/integra/me")], [0, 0]);
      assert.equal(await signs(tab), "signed-in");
    });

    test("a renewal follows no redirect, and the session stays", async () => {
      const tab = await signedIn();
      redirect("POST", RENEWAL, 307, `${foreign.url}/auth/refresh-token`);
      const outcome = await tab.lab.renew("app");
      assert.equal(outcome.retryable, true, JSON.stringify(outcome));
      assert.deepEqual([foreign.seen.length, await signs(tab)], [0, "signed-in"]);
    });

    test("a log-out follows no redirect, and is one all the same", async () => {
      const tab = await signedIn();
      redirect("POST", "/gatego/logout", 307, `${foreign.url}/logout`);
      assert.equal((await tab.lab.logout("app")).code, null);
      assert.deepEqual([foreign.seen.length, await signs(tab)], [0, "signed-out"]);
    });

    test("a call in the mode no-cors carries no token, and its opaque answer is the caller's", async () => {
      const tab = await signedIn();
      stage.gateway.forget();
      for (const asRequest of [false, true]) {
        const outcome = await tab.lab.call("app", `${stage.options("gatego").baseUrl}/me`, { asRequest, mode: "no-cors" });
        assert.deepEqual([outcome.code, outcome.status, outcome.body], [null, 0, ""]);
      }
      assertNoTokens(stage.gateway.seen);
      assert.equal(await signs(tab), "signed-in");
    });

    test("a Request belongs where its own address says: to the page's origin if that is relative", async () => {
      const tab = await signedIn();
      stage.gateway.forget();
      for (const address of ["/me", `${foreign.url}/me`, `${stage.gateway.api}/integra/me`]) {
        assert.equal((await tab.lab.call("app", address, { asRequest: true })).code, "foreign-url", address);
      }
      assert.deepEqual([stage.gateway.seen, foreign.seen], [[], []]);
    });

    test("a relative address lies below the base, wherever the page does", async () => {
      const tab = await signedIn();
      for (const address of ["/me", "me", "/me?of=all", "./me"]) {
        assert.equal((await tab.lab.call("app", address)).status, 200, address);
      }
    });

    /** Lets a service worker take the page over. */
    const controlled = (answers) => (tab) =>
      tab.evaluate(async (answers) => {
        const controls = new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", resolve));
        await navigator.serviceWorker.register(`/worker.js${answers ? `?answers=${answers}` : ""}`);
        await controls;
      }, answers);

    test("a service worker that hands everything on changes nothing: twenty calls at expiry, one renewal", async () => {
      const tab = await signedIn({}, controlled());
      await stage.demo.expire("gatego");
      const outcomes = await tab.lab.calls("app", "/me", 20);
      assert.deepEqual(outcomes.map((it) => it.status), Array(20).fill(200));
      assert.equal(stage.gateway.count("POST", RENEWAL), 1);
      assert.equal((await tab.lab.call("app", "/transfers", { method: "POST", body: { kind: "text", text: "40" } })).status, 200);
    });

    test("a service worker that answers a renewal with a page of its own ends no session, and in its place the next try succeeds", async () => {
      const tab = await signedIn({}, controlled("refresh-token"));
      await stage.demo.expire("gatego");
      const outcome = await tab.lab.call("app", "/me");
      assert.deepEqual([outcome.code, outcome.retryable], ["unexpected-answer", true]);
      assert.equal(stage.gateway.count("POST", RENEWAL), 0);
      assert.equal(await signs(tab), "signed-in");
      await controlled()(tab);
      await eventually("the pause is over", async () => (await tab.lab.call("app", "/me")).status === 200);
    });

    test("what a service worker answers to a call is the caller's", async () => {
      const tab = await signedIn({}, controlled("/me"));
      const outcome = await tab.lab.call("app", "/me");
      assert.deepEqual([outcome.status, /off line/.test(outcome.body), stage.gateway.count("GET", "/gatego/me")], [200, true, 0]);
    });

    test("in a dedicated worker, which has no web storage, a client keeps its session all the same", async () => {
      const tab = await stage.tab();
      const told = await tab.evaluate(
        (urls) =>
          new Promise((resolve, reject) => {
            const worker = new Worker("/in-worker.mjs", { type: "module" });
            worker.onmessage = ({ data }) => resolve(data);
            worker.onerror = ({ message }) => reject(new Error(message));
            worker.postMessage(urls);
          }),
        [".", "./dialects", "./testing"].map((it) => stage.gateway.page + pageUrl(it)),
      );
      assert.deepEqual(told, [200, "signed-in", ["ready", "signed-in", "renewed"]]);
    });
  });
}
