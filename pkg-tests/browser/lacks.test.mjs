// Engines that lack what the tabs share their session by: it costs exactness, and nobody's session.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { eventually, test } from "../support/deadline.mjs";
import { ENGINES } from "../support/engines.mjs";
import { LACKS, NOWHERE } from "../support/lacks.mjs";
import { BrowserStage, staged } from "../support/stage.mjs";

for (const engine of ENGINES) {
  describe(engine.name, () => {
    const stage = staged(() => new BrowserStage(engine));
    const status = async (tab) => (await tab.lab.state("app")).status;

    /** Two tabs, with ten calls each that meet an expired token. */
    async function callAtExpiry(tabs) {
      await stage.demo.expire("gatego");
      stage.gateway.forget();
      const outcomes = await Promise.all(tabs.map((tab) => tab.lab.calls("app", "/me", 10)));
      assert.deepEqual(outcomes.flat().map((it) => it.status), Array(20).fill(200), JSON.stringify(outcomes.flat()[0]));
      for (const tab of tabs) {
        assert.equal(await status(tab), "signed-in");
        assert.equal((await tab.lab.state("app")).ended, null);
      }
      assert.ok(stage.gateway.count("GET", "/gatego/me") <= 40, "a call was sent more than twice");
      const renewals = stage.gateway.count("POST", "/gatego/auth/refresh-token");
      assert.ok(renewals === 1 || renewals === 2, `${renewals} renewals`);
    }

    for (const [what, lack] of Object.entries(LACKS)) {
      test(`without ${what}, twenty calls of two tabs at expiry all succeed, and a log-out reaches both`, async () => {
        const one = await stage.opened("gatego", {}, undefined, lack);
        assert.equal((await stage.login(one, "gatego", "ada")).code, null);
        const other = await stage.opened("gatego", {}, one.context, lack);
        assert.equal(await status(other), "signed-in");
        await callAtExpiry([one, other]);
        await one.lab.logout("app");
        // Where tabs cannot tell each other, whoever comes back to one looks.
        await other.evaluate(() => void dispatchEvent(new Event("focus")));
        await eventually("the log-out is followed", async () => (await status(other)) === "signed-out");
        assert.equal((await other.lab.state("app")).ended, "signed-out-elsewhere");
      });
    }

    for (const [how, lack] of Object.entries(NOWHERE)) {
      test(`where all storage is ${how}, each of two tabs has a session of its own, and says once that it is not kept`, async () => {
        const one = await stage.tab(undefined, lack);
        const tabs = [one, await stage.tab(one.context, lack)];
        const logins = tabs.map(async (tab) => {
          await tab.lab.open("app", stage.options("gatego"));
          return stage.login(tab, "gatego", "ada");
        });
        assert.deepEqual((await Promise.all(logins)).map((it) => it.code), [null, null]);
        await callAtExpiry(tabs);
        for (const tab of tabs) {
          assert.deepEqual((await tab.lab.events("app")).filter((it) => it === "store-failed"), ["store-failed"]);
        }
      });
    }
  });
}
