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
    let proxy;
    before(async () => (proxy = await TcpProxy.open(stage.gateway.api)));
    after(() => proxy.close());

    /** Whatever failed may be tried again, and then it succeeds. */
    async function assertRecovers(crowd, outcomes) {
      assert.deepEqual(outcomes.filter((it) => it.status !== 200 && !it.retryable && !it.code?.startsWith("platform: ")), []);
      await eventually("all calls succeed again", async () => (await crowd.call(1)).every((it) => it.status === 200));
      await crowd.assertUnharmed();
    }

    test("the answer to a renewal is cut off after the server has acted, and nobody is signed out", async () => {
      const crowd = await Crowd.open(stage, TABS, { baseUrl: `${proxy.address}/gatego` });
      await crowd.expire();
      const cut = proxy.inject("cut-short", renewal);
      const outcomes = await crowd.call(CALLS);
      assert.equal(cut.count, 1);
      await assertRecovers(crowd, outcomes);
    });

    test("the server is killed in mid-renewal and started again, and nobody is signed out", async () => {
      const behind = await TcpProxy.open(stage.demo.address);
      stage.gateway.demo = new URL(behind.address);
      const crowd = await Crowd.open(stage, TABS);
      await crowd.expire();
      const cut = behind.inject("swallow", renewal);
      const calls = crowd.call(CALLS);
      await cut.met;
      await stage.demo.kill();
      await stage.demo.restart();
      await assertRecovers(crowd, await calls);
      stage.gateway.demo = new URL(stage.demo.address);
      await behind.close();
    });
  });
}
