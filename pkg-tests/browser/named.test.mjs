// Several tabs and more than one session, and what people change in one of the tabs.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { eventually, test } from "../support/deadline.mjs";
import { ENGINES } from "../support/engines.mjs";
import { BrowserStage, staged } from "../support/stage.mjs";

const FOLLOWS_WITHIN_MS = 1_000;
const IDLE_MS = 2_000;

for (const engine of ENGINES) {
  describe(engine.name, () => {
    const stage = staged(() => new BrowserStage(engine));
    const state = (tab, id = "app") => tab.lab.state(id);
    const who = async (tab, id) => JSON.parse((await tab.lab.call(id, "/me")).body).username;
    const when = async (tab, event) => (await tab.lab.history("app")).findLast((it) => it.event === event)?.at;

    /** Two tabs of one profile in which Ada is signed in. */
    async function two(options) {
      const one = await stage.opened("gatego", options);
      assert.equal((await stage.login(one, "gatego", "ada")).code, null);
      return [one, await stage.opened("gatego", options, one.context)];
    }

    async function assertFollows([one, did], [other, heard], holds) {
      await eventually("it is followed", async () => holds(await state(other)));
      const took = (await when(other, heard)) - (await when(one, did));
      assert.ok(took < FOLLOWS_WITHIN_MS, `it took ${took} ms`);
    }

    test("two named sessions of one origin live side by side in two tabs, through renewals and a log-out", async () => {
      const one = await stage.tab();
      const other = await stage.tab(one.context);
      const people = { customer: "ada", support: "grace" };
      for (const tab of [one, other]) for (const name of Object.keys(people)) await tab.lab.open(name, stage.options("gatego", { name }));
      for (const [name, username] of Object.entries(people)) await one.lab.login(name, stage.demo.credentials("gatego", username));
      for (const name of Object.keys(people)) await eventually("it is adopted", async () => (await state(other, name)).status === "signed-in");
      await stage.demo.expire("gatego");
      stage.gateway.forget();
      const told = await Promise.all([one, other].flatMap((tab) => Object.keys(people).map((name) => who(tab, name))));
      assert.deepEqual(told, ["ada", "grace", "ada", "grace"]);
      assert.equal(stage.gateway.count("POST", "/gatego/auth/refresh-token"), 2);
      await one.lab.logout("customer");
      await eventually("the log-out is followed", async () => (await state(other, "customer")).status === "signed-out");
      for (const tab of [one, other]) assert.equal(await who(tab, "support"), "grace");
    });

    test("sessions at two APIs of one origin do not disturb each other", async () => {
      const tab = await stage.opened("gatego");
      await stage.login(tab, "gatego", "ada");
      await tab.lab.open("other", stage.options("integra"));
      assert.equal((await state(tab, "other")).status, "signed-out");
      await tab.lab.login("other", stage.demo.credentials("integra", "grace"));
      await tab.lab.logout("app");
      assert.equal((await state(tab, "other")).status, "signed-in");
      assert.equal((await tab.lab.call("other", "/me")).status, 200);
    });

    test("a login as another user reaches the other tab within a second, and its calls go as that user", async () => {
      const [one, other] = await two();
      const before = (await state(other)).claims.sub;
      assert.equal((await stage.login(one, "gatego", "grace")).code, null);
      await assertFollows([one, "signed-in"], [other, "adopted"], ({ claims }) => claims && claims.sub !== before);
      assert.equal(await who(other, "app"), "grace");
    });

    test("a change of context reaches the other tab within a second, and a reload keeps it", async () => {
      const [one, other] = await two();
      await one.lab.setContext("app", "organization", "42");
      await assertFollows([one, "context-changed"], [other, "context-changed"], ({ context }) => context.organization === "42");
      assert.equal(JSON.parse((await other.lab.call("app", "/me")).body).organization_id, "42");
      await other.reload();
      await other.lab.open("app", stage.options("gatego"));
      assert.equal((await state(other)).context.organization, "42");
      await one.lab.setContext("app", "organization", null);
      await eventually("it is followed", async () => (await state(other)).context.organization === undefined);
    });

    test("a session that was left alone for too long is over for the page that is opened then", async () => {
      const tab = await stage.opened("gatego", { idleMs: IDLE_MS });
      await stage.login(tab, "gatego", "ada");
      await tab.storage.amend({ activeAt: Date.now() - 2 * IDLE_MS });
      await tab.reload();
      await tab.lab.open("app", stage.options("gatego", { idleMs: IDLE_MS }));
      await eventually("it is over", async () => (await state(tab)).ended === "idle");
      assert.equal((await tab.lab.call("app", "/me")).code, "login-required");
    });
  });
}
