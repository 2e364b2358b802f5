// Time as pages live it: hidden, asleep, with clocks that are set, and with tokens that outlive every timer.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { test } from "../support/deadline.mjs";
import { ENGINES } from "../support/engines.mjs";
import { kitIn } from "../support/kit.mjs";

for (const engine of ENGINES) {
  describe(engine.name, () => {
    const inPage = kitIn(engine);

    for (const hours of [-24, -1, 1, 24]) {
      test(`a clock that is set by ${hours} hours, and put right later, costs two tabs a renewal each time at the most`, async () => {
        const told = await inPage(async (hours) => {
          const { clock, api, tabs } = await kit.open({ tabs: 2 });
          const outcomes = [];
          for (const jump of [hours, -hours]) {
            clock.jump(jump * 3_600_000);
            dispatchEvent(new Event("focus"));
            await clock.advance(60_000);
            for (let round = 0; round < 3; round++) outcomes.push(...(await Promise.all(tabs.map((it) => kit.call(it)))));
          }
          await clock.advance(600_000);
          return { outcomes, renewals: api.count("renew"), ended: tabs.map((it) => it.state.ended), events: tabs.map(kit.events) };
        }, hours);
        assert.deepEqual(told.outcomes.map((it) => it.status), Array(12).fill(200), JSON.stringify(told));
        assert.ok(told.renewals <= 2, JSON.stringify(told));
        assert.deepEqual(told.ended, [null, null]);
      });
    }

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

    test("after a night's sleep both tabs go on, by one renewal", async () => {
      const told = await inPage(async () => {
        const { tabs, api, clock } = await kit.open({ tabs: 2 });
        await clock.sleep(9 * 3_600_000);
        dispatchEvent(new Event("pageshow"));
        const outcomes = await Promise.all([...tabs, ...tabs].map((it) => kit.call(it)));
        return [api.count("renew"), ...outcomes.map((it) => it.status)];
      });
      assert.deepEqual(told, [1, 200, 200, 200, 200]);
    });

    test("a token of sixty days, longer than a timer can wait, is renewed once, shortly before its end", async () => {
      const told = await inPage(async () => {
        const DAY_MS = 86_400_000;
        const { clock, api, tabs: [auth] } = await kit.open({ api: { lifetimeSecs: 60 * 86_400, refreshLifetimeSecs: 200 * 86_400 } });
        const renewals = [];
        for (const days of [26, 33, 1]) {
          await clock.advance(days * DAY_MS);
          renewals.push(api.count("renew"));
        }
        return [renewals, (await kit.call(auth)).status];
      });
      assert.deepEqual(told, [[0, 0, 1], 200]);
    });

    test("no timer is set for longer than the platform's own can wait", async () => {
      const told = await inPage(async () => {
        const { setTimeout } = globalThis;
        const { tabs: [auth], clock } = await kit.open({ api: { lifetimeSecs: 60 * 86_400 }, storage: "memory" });
        clock.uninstall();
        const delays = [];
        globalThis.setTimeout = (callback, delay, ...given) => (delays.push(delay), setTimeout(callback, delay, ...given));
        await auth.renew();
        return delays;
      });
      assert.ok(told.length > 0 && told.every((it) => it < 2 ** 31), JSON.stringify(told));
    });
  });
}
