// Tabs that nobody sees, and what they do when somebody is back: they look first, and make no noise.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { test } from "../support/deadline.mjs";
import { ENGINES } from "../support/engines.mjs";
import { kitIn } from "../support/kit.mjs";

for (const engine of ENGINES) {
  describe(engine.name, () => {
    const inPage = kitIn(engine);

    test("a hidden tab renews for its calls alone; seen again, it renews before anybody calls", async () => {
      const told = await inPage(async () => {
        const { clock, api, tabs: [auth] } = await kit.open();
        const renewals = [];
        const after = async (what) => (await what, renewals.push(api.count("renew")));
        kit.hide(true);
        await after(clock.advance(5 * 3_600_000));
        await after(kit.call(auth));
        await after(clock.advance(5 * 3_600_000));
        kit.hide(false);
        await after(clock.settle());
        await after(kit.call(auth));
        return renewals;
      });
      assert.deepEqual(told, [0, 1, 1, 2, 2]);
    });

    test("with whenHidden, a hidden tab renews ahead of each end", async () => {
      const told = await inPage(async () => {
        const { clock, api } = await kit.open({ renewal: { whenHidden: true } });
        kit.hide(true);
        await clock.advance(5 * 3_600_000);
        return api.count("renew");
      });
      assert.ok(told === 5, `${told} renewals in five hours`);
    });

    for (const event of ["focus", "online", "pageshow", "visibilitychange"]) {
      test(`${event}: a tab that has not heard of a log-out looks first, and says why nobody is signed in`, async () => {
        const told = await inPage(async (event) => {
          const { tabs: [auth], clock } = await kit.open();
          const { BroadcastChannel } = globalThis;
          globalThis.BroadcastChannel = class extends EventTarget {
            postMessage() {}
            close() {}
          };
          const deaf = await kit.tab();
          globalThis.BroadcastChannel = BroadcastChannel;
          await auth.logout();
          await clock.settle();
          const before = deaf.state.status;
          (event === "visibilitychange" ? document : globalThis).dispatchEvent(new Event(event, { bubbles: true }));
          await kit.eventually(() => deaf.state.status === "signed-out");
          return [before, deaf.state.ended, (await kit.call(deaf)).code];
        }, event);
        assert.deepEqual(told, ["signed-in", "signed-out-elsewhere", "login-required"]);
      });
    }

    test("a call of a tab that has not heard of a log-out sends nothing with tokens that were let go", async () => {
      const told = await inPage(async () => {
        const { tabs: [auth], api } = await kit.open();
        delete globalThis.BroadcastChannel;
        const deaf = await kit.tab();
        await auth.logout();
        const outcome = await kit.call(deaf);
        return [outcome.code, deaf.state.ended, api.count("renew")];
      });
      assert.deepEqual(told, ["session-changed", "signed-out-elsewhere", 0]);
    });

    test("a page that is seen, focused and left a hundred times asks nothing, and tells nothing", async () => {
      const told = await inPage(async () => {
        const { api, clock, tabs: [auth] } = await kit.open();
        const [before, asked] = [auth.state, api.count()];
        let events = 0;
        auth.subscribe(() => events++);
        for (let times = 0; times < 100; times++) {
          for (const event of ["focus", "online", "pageshow", "visibilitychange"]) dispatchEvent(new Event(event));
          await clock.advance(100);
        }
        return [api.count() - asked, events, auth.state === before];
      });
      assert.deepEqual(told, [0, 0, true]);
    });
  });
}
