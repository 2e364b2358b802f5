// A renewal whose answer is lost after the server has acted: the tokens that the client holds are spent, and it cannot know.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { eventually, test } from "../support/deadline.mjs";
import { ENGINES } from "../support/engines.mjs";
import { kitIn } from "../support/kit.mjs";
import { BrowserStage, staged } from "../support/stage.mjs";

const RENEWAL = ["POST", "/gatego/auth/refresh-token"];

for (const engine of ENGINES) {
  describe(`${engine.name}, with a server that honours attempt keys`, () => {
    const stage = staged(() => new BrowserStage(engine));

    /** Has the answers to renewals lost from now on, and taken down; each engine repeats a request by itself as it thinks fit. */
    function losing() {
      const lost = { answers: [], until: () => stage.gateway.instead(...RENEWAL, (answer) => (lost.answers.push(answer.body.toString()), answer)) };
      stage.gateway.instead(...RENEWAL, (answer) => (lost.answers.push(answer.body.toString()), null));
      return lost;
    }

    function assertOneSuccessor({ answers }) {
      assert.ok(answers.length > 1);
      // Not by `deepEqual`, which would show them.
      assert.ok(new Set(answers.map((it) => JSON.parse(it).refresh_token)).size === 1, "there are two successors");
    }

    const keys = () => stage.gateway.seen.filter(({ path }) => path === RENEWAL[1]).map(({ headers }) => headers["idempotency-key"]);

    test("the next try repeats the key, from whichever tab, and gets the same tokens; the try after has another key", async () => {
      const one = await stage.opened("gatego");
      await stage.login(one, "gatego", "ada");
      const other = await stage.opened("gatego", {}, one.context);
      await stage.demo.expire("gatego");
      const lost = losing();
      assert.equal((await one.lab.call("app", "/me")).code, "network");
      lost.until();
      await eventually("the pause is over", async () => (await other.lab.call("app", "/me")).status === 200);
      assertOneSuccessor(lost);
      assert.equal((await one.lab.call("app", "/me")).status, 200);
      await stage.demo.expire("gatego");
      assert.equal((await one.lab.call("app", "/me")).status, 200);
      const [first, ...rest] = keys();
      assert.match(first, /^[\da-f]{32}$/);
      assert.notEqual(rest.pop(), first);
      assert.deepEqual(new Set(rest), new Set([first]));
    });

    test("a page that is loaded anew repeats the key as well", async () => {
      const tab = await stage.opened("gatego");
      await stage.login(tab, "gatego", "ada");
      await stage.demo.expire("gatego");
      const lost = losing();
      assert.equal((await tab.lab.call("app", "/me")).code, "network");
      lost.until();
      await tab.reload();
      await tab.lab.open("app", stage.options("gatego"));
      await eventually("the pause is over", async () => (await tab.lab.call("app", "/me")).status === 200);
      assertOneSuccessor(lost);
      assert.equal(new Set(keys()).size, 1);
    });
  });

  describe(`${engine.name}, with a server that announces nothing`, () => {
    const inPage = kitIn(engine);

    // What is documented of them: docs/reliability.md, "What no client can make good".
    for (const [reuse, api, outcome, ended] of [
      ["takes no notice of a second use", { reuse: "forgive" }, 200, null],
      ["ends a session at the second use of a token", { reuse: "revoke" }, "login-required", "session-ended"],
    ]) {
      test(`one that ${reuse}: the same token is tried again, ${ended ? "and the end has its reason in every tab" : "and the session goes on"}`, async () => {
        const told = await inPage(async (api) => {
          const { clock, api: fake, tabs } = await kit.open({ tabs: 2, api });
          fake.expire();
          fake.fault({ kind: "drop-answer", operation: "renew" });
          const first = await kit.call(tabs[0]);
          await clock.advance(5_000);
          const second = await kit.call(tabs[0]);
          await kit.eventually(() => tabs[0].state.status === tabs[1].state.status);
          const { code, status } = tabs[0].history().at(-1);
          return { first, second: second.status ?? second.code, ended: tabs.map((it) => it.state.ended), renewals: fake.count("renew"), because: [code, status] };
        }, api);
        assert.deepEqual([told.first.code, told.first.retryable, told.second, told.renewals], ["network", true, outcome, 2], JSON.stringify(told));
        assert.deepEqual(told.ended, [ended, ended && "signed-out-elsewhere"]);
        if (ended) assert.deepEqual([typeof told.because[0], told.because[1]], ["string", 401]);
      });
    }

    test("where another login renews, a lost answer costs nothing", async () => {
      const told = await inPage(async () => {
        const { clock, api, tabs: [auth] } = await kit.open({ dialect: "stockapi", renewal: { credentials: true } });
        api.expire();
        api.fault({ kind: "drop-answer", operation: "login" });
        const first = await kit.call(auth);
        await clock.advance(5_000);
        return [first.code, (await kit.call(auth)).status, auth.state.ended];
      });
      assert.deepEqual(told, ["network", 200, null]);
    });
  });
}
