// Ten tabs of one profile, as people have them, and what befalls all of them at once.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { Crowd } from "../support/crowd.mjs";
import { eventually, test } from "../support/deadline.mjs";
import { ENGINES } from "../support/engines.mjs";
import { BrowserStage, staged } from "../support/stage.mjs";
import { browserOf, freeze, processOf, thaw } from "../support/tab-processes.mjs";

const TABS = 10;
const FOLLOWS_WITHIN_MS = 1_000;
const LIFETIME_SECS = 6;

for (const engine of ENGINES) {
  describe(engine.name, () => {
    const stage = staged(() => new BrowserStage(engine));

    test("a thousand calls of ten tabs that meet an expired token all succeed by one renewal", async () => {
      const crowd = await Crowd.open(stage, TABS);
      await crowd.expire();
      await crowd.succeed(100);
      assert.equal(crowd.renewals, 1);
      await crowd.assertUnharmed();
    });

    test("a log-out in one of ten tabs reaches all others within a second, and none of them sends a call any more", async () => {
      const { tabs } = await Crowd.open(stage, TABS);
      const when = async (tab, event) => (await tab.lab.history("app")).findLast((it) => it.event === event)?.at;
      const [one, ...others] = tabs;
      await one.lab.logout("app");
      const left = await when(one, "signed-out");
      stage.gateway.forget();
      for (const tab of others) {
        await eventually("the log-out is followed", async () => (await tab.lab.state("app")).status === "signed-out");
        const took = (await when(tab, "signed-out-elsewhere")) - left;
        assert.ok(took < FOLLOWS_WITHIN_MS, `it took ${took} ms`);
        assert.equal((await tab.lab.call("app", "/me")).code, "login-required");
      }
      assert.deepEqual(stage.gateway.seen, []);
    });
  });

  describe(`${engine.name}, with tokens that live for seconds`, () => {
    const stage = staged(() => new BrowserStage(engine), { lifetimeSecs: LIFETIME_SECS });

    test("a machine that slept for longer than the token lives wakes up with ten tabs signed in", async () => {
      const crowd = await Crowd.open(stage, TABS);
      const processes = browserOf(await processOf(crowd.tabs[0]));
      freeze(...processes);
      await pause(LIFETIME_SECS * 1000 + 500);
      stage.gateway.forget();
      const woken = performance.now();
      thaw(...processes);
      await crowd.succeed(10);
      const lifetimes = Math.ceil((performance.now() - woken) / (LIFETIME_SECS * 900));
      assert.ok(1 <= crowd.renewals && crowd.renewals <= lifetimes, `${crowd.renewals} renewals in ${lifetimes} lifetimes`);
      await crowd.assertUnharmed();
    });
  });
}
