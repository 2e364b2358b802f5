// Renewals whose answer is lost: the server has acted, or may have, and the client cannot know. The server honours attempt keys.

import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { Crowd } from "../support/crowd.mjs";
import { eventually, test } from "../support/deadline.mjs";
import { ENGINES } from "../support/engines.mjs";
import { BrowserStage, staged } from "../support/stage.mjs";
import { TcpProxy } from "../support/tcp-proxy.mjs";

const TABS = 10;
const CALLS = 5;
const renewal = { times: 1, on: ({ path, method }) => method === "POST" && path.endsWith("/refresh-token") };

for (const engine of ENGINES) {
  describe(engine.name, () => {
    const stage = staged(() => new BrowserStage(engine));
    let front;
    let behind;
    before(async () => {
      front = await TcpProxy.open(stage.gateway.api);
      behind = await TcpProxy.open(stage.demo.address);
      stage.gateway.demo = new URL(behind.address);
    });
    after(() => Promise.all([front.close(), behind.close()]));

    /** Whatever failed may be tried again, and then it succeeds. */
    async function assertRecovers(crowd, outcomes) {
      assert.deepEqual(outcomes.filter((it) => it.status !== 200 && !it.retryable && !it.code?.startsWith("platform: ")), []);
      await eventually("all calls succeed again", async () => (await crowd.call(1)).every((it) => it.status === 200));
      await crowd.assertUnharmed();
    }

    test("a renewal's answer is cut off after the server has acted, then the server is killed amid the next: nobody is signed out", async () => {
      const crowd = await Crowd.open(stage, TABS, { baseUrl: `${front.address}/gatego` });
      await crowd.expire();
      const cut = front.inject("cut-short", renewal);
      const outcomes = await crowd.call(CALLS);
      assert.equal(cut.count, 1);
      await assertRecovers(crowd, outcomes);

      await crowd.expire();
      const lost = behind.inject("swallow", renewal);
      const calls = crowd.call(CALLS);
      await lost.met;
      await stage.demo.kill();
      await stage.demo.restart();
      await assertRecovers(crowd, await calls);
    });
  });
}
