// "Why was I signed out?": every end has its reason in the state and in the history, without a secret in it.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { eventually, test } from "../support/deadline.mjs";
import { ENGINES } from "../support/engines.mjs";
import { BrowserStage, staged } from "../support/stage.mjs";

for (const engine of ENGINES) {
  describe(engine.name, () => {
    const stage = staged(() => new BrowserStage(engine));

    async function signedIn(realm, options) {
      const tab = await stage.opened(realm, options);
      assert.equal((await stage.login(tab, realm, "ada")).code, null);
      return tab;
    }

    const call = (tab, realm) => tab.lab.call("app", stage.demo.realm(realm).profile);

    /** What brings each of them about; the last entry of the history tells what was behind it. */
    const ENDS = {
      "signed-out": ["gatego", {}, (tab) => tab.lab.logout("app"), {}],
      "session-ended": [
        "gatego",
        {},
        async (tab) => {
          await stage.demo.endSessions("gatego", "ada");
          await call(tab, "gatego");
        },
        { code: "token-expired", status: 401 },
      ],
      "account-disabled": [
        "investgo",
        { credentials: true },
        async (tab) => {
          await stage.demo.enable("investgo", "ada", false);
          await call(tab, "investgo");
        },
        { code: "account-disabled" },
      ],
      expired: [
        "stockapi",
        {},
        async (tab) => {
          await stage.demo.expire("stockapi");
          await call(tab, "stockapi");
        },
        { code: "token-expired" },
      ],
      "credentials-refused": [
        "stockapi",
        { credentials: true },
        async (tab) => {
          await stage.demo.enable("stockapi", "ada", false);
          await stage.demo.expire("stockapi");
          await call(tab, "stockapi");
        },
        {},
      ],
      idle: ["gatego", { idleMs: 1_000 }, () => {}, {}],
    };

    for (const [reason, [realm, options, end, because]] of Object.entries(ENDS)) {
      test(`${reason}: the state says so, and the history with what was behind it`, async () => {
        const tab = await signedIn(realm, options);
        await end(tab);
        await eventually("the session is over", async () => (await tab.lab.state("app")).status === "signed-out");
        assert.equal((await tab.lab.state("app")).ended, reason);
        const history = await tab.lab.history("app");
        const { at, event, ...behind } = history.at(-1);
        assert.equal(event, reason);
        assert.ok(Math.abs(Date.now() - at) < 60_000);
        for (const [name, value] of Object.entries(because)) assert.equal(behind[name], value, JSON.stringify(history));
        assert.equal((await call(tab, realm)).code, "login-required");
      });
    }

    test("signed-out-elsewhere: so it is in the other tab, whatever ended the session in the first", async () => {
      const tab = await signedIn("gatego");
      const other = await stage.opened("gatego", {}, tab.context);
      await stage.demo.endSessions("gatego", "ada");
      await call(tab, "gatego");
      await eventually("the end is followed", async () => (await other.lab.state("app")).status === "signed-out");
      assert.equal((await other.lab.state("app")).ended, "signed-out-elsewhere");
      assert.equal((await other.lab.history("app")).at(-1).event, "signed-out-elsewhere");
    });

    test("the history is bounded, and the reason of the last end is in it", async () => {
      const tab = await signedIn("gatego");
      for (let times = 0; times < 60; times++) await tab.lab.setContext("app", "organization", String(times));
      await tab.lab.logout("app");
      const history = await tab.lab.history("app");
      assert.equal(history.length, 50);
      assert.equal(history.at(-1).event, "signed-out");
    });
  });
}
