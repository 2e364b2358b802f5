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
/** A browser sends a renewal after the thousand calls that it was given before, and the machine may be busy. */
const PATIENT = { timeouts: { requestMs: 60_000 } };
const DEADLINE_MS = 180_000;

const when = async (tab, event) => (await tab.lab.history("app")).findLast((it) => it.event === event)?.at;

for (const engine of ENGINES) {
  describe(engine.name, () => {
    const stage = staged(() => new BrowserStage(engine));

    test("a thousand calls of ten tabs at the token's end succeed by one renewal; and a log-out in one reaches all within a second", async () => {
      const crowd = await Crowd.open(stage, TABS, PATIENT);
      await crowd.expire();
      await crowd.succeed(100);
      assert.equal(crowd.renewals, 1);
      await crowd.assertUnharmed();

      const [one, ...others] = crowd.tabs;
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
    }, DEADLINE_MS);
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
