// Tabs of one browser profile: what a person does in one of them reaches the others, and no call of theirs pays for it.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { eventually, test } from "../support/deadline.mjs";
import { ENGINES } from "../support/engines.mjs";
import { BrowserStage, staged } from "../support/stage.mjs";

const TRANSFER = { method: "POST", body: { kind: "text", text: "40 from Ada" } };
const FOLLOWS_WITHIN_MS = 1_000;

for (const engine of ENGINES) {
  describe(engine.name, () => {
    const stage = staged(() => new BrowserStage(engine));

    /** Two tabs of one profile in which Ada is signed in. */
    async function two(realm, options) {
      const one = await stage.opened(realm, options);
      assert.equal((await stage.login(one, realm, "ada")).code, null);
      return [one, await stage.opened(realm, options, one.context)];
    }

    const status = async (tab) => (await tab.lab.state("app")).status;
    const profile = (tab, realm) => tab.lab.call("app", stage.demo.realm(realm).profile);
    const when = async (tab, event) => (await tab.lab.history("app")).findLast((it) => it.event === event)?.at;

    for (const realm of ["gatego", "stockapi", "integra"]) {
      test(`${realm}: a tab that was signed out adopts the login of another`, async () => {
        const one = await stage.opened(realm);
        const other = await stage.opened(realm, {}, one.context);
        await stage.login(one, realm, "ada");
        await eventually("the login is adopted", async () => (await status(other)) === "signed-in");
        await stage.demo.forgetCounts(realm);
        assert.equal((await profile(other, realm)).status, 200);
        const asked = await stage.demo.counts(realm);
        assert.equal(Object.values(asked).reduce((sum, count) => sum + count, 0), 1, JSON.stringify(asked));
      });
    }

    for (const realm of ["gatego", "stockapi"]) {
      test(`${realm}: a tab that is opened later has the session, and follows a renewal`, async () => {
        const [one, other] = await two(realm, { credentials: true });
        assert.equal(await status(other), "signed-in");
        await stage.demo.expire(realm);
        assert.equal((await one.lab.renew("app")).code, null);
        await stage.demo.forgetCounts(realm);
        await eventually("the renewal is adopted", async () => (await other.lab.events("app")).includes("adopted"));
        assert.equal((await other.lab.call("app", "/me")).status, 200);
        assert.deepEqual(Object.keys(await stage.demo.counts(realm)), ["GET /me"]);
      });

      test(`${realm}: a log-out reaches the other tab within a second, and it sends no call any more`, async () => {
        const [one, other] = await two(realm);
        await one.lab.logout("app");
        await eventually("the log-out is followed", async () => (await status(other)) === "signed-out");
        const took = (await when(other, "signed-out-elsewhere")) - (await when(one, "signed-out"));
        assert.ok(took < FOLLOWS_WITHIN_MS, `it took ${took} ms`);
        stage.gateway.forget();
        assert.equal((await other.lab.call("app", "/me")).code, "login-required");
        assert.deepEqual(stage.gateway.seen, []);
      });
    }

    test("the session outlives the tab that logged in", async () => {
      const [one, other] = await two("gatego");
      await one.close();
      await stage.demo.expire("gatego");
      assert.equal((await other.lab.call("app", "/me")).status, 200);
    });

    test("twenty calls of two tabs that meet an expired token all succeed by one renewal, and nobody is signed out", async () => {
      const tabs = await two("gatego");
      await stage.demo.expire("gatego");
      const outcomes = await Promise.all(tabs.map((tab) => tab.lab.calls("app", "/me", 10)));
      assert.deepEqual(outcomes.flat().map((it) => it.status), Array(20).fill(200));
      for (const tab of tabs) {
        assert.equal(await status(tab), "signed-in");
        assert.equal((await tab.lab.state("app")).ended, null);
      }
      assert.ok(stage.gateway.count("GET", "/gatego/me") <= 40, "a call was sent more than twice");
      assert.equal(stage.gateway.count("POST", "/gatego/auth/refresh-token"), 1);
    });

    test("Ada's POST that waits for a login is rejected when Grace logs in in another tab, and is never sent as Grace", async () => {
      const [one, other] = await two("stockapi", { asks: ["later"] });
      await stage.demo.expire("stockapi");
      await one.lab.begin("transfer", "app", "/transfers", TRANSFER);
      await eventually("the person is asked", async () => (await one.lab.asked("app")).length === 1);
      await stage.login(other, "stockapi", "grace");
      assert.equal((await one.lab.outcome("transfer")).code, "session-changed");
      assert.equal(stage.gateway.count("POST", "/stockapi/transfers"), 1);
      assert.equal(JSON.parse((await one.lab.call("app", "/me")).body).username, "grace");
    });

    test("Ada's POST that waits for a renewal is rejected when Grace logs in in another tab meanwhile", async () => {
      const [one, other] = await two("gatego");
      await stage.demo.expire("gatego");
      const renewal = stage.gateway.hold("POST", "/gatego/auth/refresh-token");
      await one.lab.begin("transfer", "app", "/transfers", TRANSFER);
      await renewal.arrived;
      await stage.login(other, "gatego", "grace");
      await eventually("the login is followed", async () => (await one.lab.events("app")).includes("adopted"));
      renewal.release();
      assert.equal((await one.lab.outcome("transfer")).code, "session-changed");
      assert.equal(stage.gateway.count("POST", "/gatego/transfers"), 1);
      assert.equal(JSON.parse((await one.lab.call("app", "/me")).body).username, "grace");
    });
  });
}
