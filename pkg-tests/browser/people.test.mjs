// One person after another, and tab beside tab.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { test } from "../support/deadline.mjs";
import { ENGINES } from "../support/engines.mjs";
import { BrowserStage, staged } from "../support/stage.mjs";

for (const engine of ENGINES) {
  describe(engine.name, () => {
    const stage = staged(() => new BrowserStage(engine));
    const TRANSFER = { method: "POST", body: { kind: "text", text: "40 from Ada" } };

    async function opened(realm, options, context) {
      const tab = await stage.tab(context);
      await tab.lab.open("app", stage.options(realm, options));
      return tab;
    }

    const login = (tab, realm, username) => tab.lab.login("app", stage.demo.credentials(realm, username));
    const transfers = (realm) => stage.gateway.seen.filter((it) => it.path === `/${realm}/transfers`);

    async function eventually(what, holds) {
      const deadline = performance.now() + 5_000;
      while (performance.now() < deadline) if (await holds()) return;
      assert.fail(`it never came true that ${what}`);
    }

    test("Ada's refused POST that waits for a login is rejected when Grace logs in, and is never sent as Grace", async () => {
      const tab = await opened("stockapi", { asks: ["later"] });
      await login(tab, "stockapi", "ada");
      await stage.demo.expire("stockapi");
      await tab.lab.begin("transfer", "app", "/transfers", TRANSFER);
      await eventually("the person is asked", async () => (await tab.lab.asked("app")).length === 1);
      await login(tab, "stockapi", "grace");
      assert.equal((await tab.lab.outcome("transfer")).code, "session-changed");
      assert.equal(transfers("stockapi").length, 1);
      assert.equal(JSON.parse((await tab.lab.call("app", "/me")).body).username, "grace");
    });

    test("Ada's POST whose refusal comes after Grace has logged in is rejected", async () => {
      const tab = await opened("gatego");
      await login(tab, "gatego", "ada");
      await stage.demo.expire("gatego");
      const refusal = stage.gateway.hold("POST", "/gatego/transfers");
      await tab.lab.begin("transfer", "app", "/transfers", TRANSFER);
      await refusal.arrived;
      await login(tab, "gatego", "grace");
      refusal.release();
      assert.equal((await tab.lab.outcome("transfer")).code, "session-changed");
      assert.equal(transfers("gatego").length, 1);
    });

    test("Ada's POST that waits for a renewal is rejected when Grace logs in meanwhile", async () => {
      const tab = await opened("gatego");
      await login(tab, "gatego", "ada");
      await stage.demo.expire("gatego");
      const renewal = stage.gateway.hold("POST", "/gatego/auth/refresh-token");
      await tab.lab.begin("transfer", "app", "/transfers", TRANSFER);
      await renewal.arrived;
      await login(tab, "gatego", "grace");
      renewal.release();
      assert.equal((await tab.lab.outcome("transfer")).code, "session-changed");
      assert.equal(transfers("gatego").length, 1);
      assert.equal(JSON.parse((await tab.lab.call("app", "/me")).body).username, "grace");
    });

    test("a log-out wins over a renewal under way", async () => {
      const tab = await opened("gatego");
      await login(tab, "gatego", "ada");
      await stage.demo.expire("gatego");
      const renewal = stage.gateway.hold("POST", "/gatego/auth/refresh-token");
      await tab.lab.begin("call", "app", "/me");
      await renewal.arrived;
      await tab.lab.logout("app");
      renewal.release();
      assert.notEqual((await tab.lab.outcome("call")).code, null);
      assert.equal((await tab.lab.state("app")).status, "signed-out");
      const stored = await tab.stored();
      for (const token of stage.gateway.tokens) assert.ok(!stored.includes(token), "a token stayed in web storage");
    });

    for (const realm of ["gatego", "stockapi"]) {
      test(`${realm}: a second tab has the session, follows a renewal, and follows a log-out`, async () => {
        const one = await opened(realm, { credentials: true });
        await login(one, realm, "ada");
        const two = await opened(realm, {}, one.context);
        assert.equal((await two.lab.state("app")).status, "signed-in");
        await stage.demo.expire(realm);
        await one.lab.renew("app");
        await stage.demo.forgetCounts(realm);
        await eventually("the renewal is adopted", async () => (await two.lab.events("app")).includes("adopted"));
        assert.equal((await two.lab.call("app", "/me")).status, 200);
        assert.deepEqual(Object.keys(await stage.demo.counts(realm)), ["GET /me"]);
        await one.lab.logout("app");
        await eventually("the log-out is followed", async () => (await two.lab.state("app")).status === "signed-out");
        assert.equal((await two.lab.call("app", "/me")).code, "login-required");
      });
    }

    test("two tabs that meet an expired token at once renew once", async () => {
      const one = await opened("gatego");
      await login(one, "gatego", "ada");
      const two = await opened("gatego", {}, one.context);
      await stage.demo.expire("gatego");
      const outcomes = await Promise.all([one.lab.calls("app", "/me", 10), two.lab.calls("app", "/me", 10)]);
      assert.deepEqual(outcomes.flat().map((it) => it.status), Array(20).fill(200));
      assert.equal(stage.gateway.count("POST", "/gatego/auth/refresh-token"), 1);
    });

    test("a tab that logs in is followed by one that was signed out", async () => {
      const one = await opened("integra");
      const two = await opened("integra", {}, one.context);
      await login(one, "integra", "ada");
      await eventually("the login is followed", async () => (await two.lab.state("app")).status === "signed-in");
    });
  });
}
