// Tabs that are gone, or stand still, at the worst moment: while one of them renews for all, and holds the lock.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { Crowd, RENEWAL } from "../support/crowd.mjs";
import { eventually, test } from "../support/deadline.mjs";
import { ENGINES } from "../support/engines.mjs";
import { BrowserStage, staged } from "../support/stage.mjs";
import { freeze, kill, processOf, thaw } from "../support/tab-processes.mjs";

const TABS = 10;
const CALLS = 5;
/** As long as a lock that is not let go holds the others up, and then some. */
const DEADLINE_MS = 180_000;

for (const engine of ENGINES) {
  describe(engine.name, () => {
    const stage = staged(() => new BrowserStage(engine));

    /** The first tab has sent a renewal that is not answered, for which the calls of all others wait. */
    async function waiting(crowd) {
      const [holder, ...others] = crowd.tabs;
      await crowd.expire();
      const renewal = stage.gateway.hold(...RENEWAL);
      const own = crowd.call(1, [holder]);
      // Of a tab that is killed nobody will hear.
      own.catch(() => {});
      await renewal.arrived;
      const calls = crowd.succeed(CALLS, others);
      await eventually("all calls are refused", () => crowd.sent === 1 + CALLS * others.length);
      return { others, renewal, own, calls };
    }

    test("a tab that is frozen in mid-renewal, and then killed in the next one, does not stop nine others; thawed, it is signed in", async () => {
      const crowd = await Crowd.open(stage, TABS);
      const pid = await processOf(crowd.tabs[0]);

      const frozen = await waiting(crowd);
      freeze(pid);
      await frozen.calls;
      // The one whose answer nobody got, and its repetition.
      assert.equal(crowd.renewals, 2);
      frozen.renewal.release();
      thaw(pid);
      assert.deepEqual((await frozen.own).map((it) => it.status), [200]);
      await crowd.assertUnharmed();

      const killed = await waiting(crowd);
      kill(pid);
      await killed.calls;
      assert.equal(crowd.renewals, 2);
      await crowd.assertUnharmed(killed.others);
    }, DEADLINE_MS);
  });
}
