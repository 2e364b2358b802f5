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
const DEADLINE_MS = 120_000;

for (const engine of ENGINES) {
  describe(engine.name, () => {
    const stage = staged(() => new BrowserStage(engine));

    /** Ten tabs of which the first has sent a renewal that is not answered, for which the calls of all others wait. */
    async function waiting() {
      const crowd = await Crowd.open(stage, TABS);
      const [holder, ...others] = crowd.tabs;
      const pid = await processOf(holder);
      await crowd.expire();
      const renewal = stage.gateway.hold(...RENEWAL);
      const own = crowd.call(1, [holder]);
      // Of a tab that is killed nobody will hear.
      own.catch(() => {});
      await renewal.arrived;
      const calls = crowd.succeed(CALLS, others);
      await eventually("all calls are refused", () => crowd.sent === 1 + CALLS * others.length);
      return { crowd, others, pid, own, calls, renewal };
    }

    test("a tab that is killed in mid-renewal gives the lock back, and the calls of nine others succeed", async () => {
      const { crowd, others, pid, calls } = await waiting();
      kill(pid);
      await calls;
      // The one whose answer nobody got, and its repetition.
      assert.equal(crowd.renewals, 2);
      await crowd.assertUnharmed(others);
    }, DEADLINE_MS);

    test("a tab that is frozen in mid-renewal does not stop nine others, and is signed in when it thaws", async () => {
      const { crowd, pid, own, calls, renewal } = await waiting();
      freeze(pid);
      await calls;
      assert.equal(crowd.renewals, 2);
      renewal.release();
      thaw(pid);
      assert.deepEqual((await own).map((it) => it.status), [200]);
      await crowd.assertUnharmed();
    }, DEADLINE_MS);
  });
}
