// Time as pages live it: asleep, with nobody there, with clocks that are set, and with tokens that outlive every timer.

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

    test("where nothing can renew, a clock that is set forward by a day signs nobody out; the server's refusal does, and the end by both clocks", async () => {
      const told = await inPage(async () => {
        const { clock, api, tabs: [auth] } = await kit.open({ dialect: "stockapi" });
        clock.jump(86_400_000);
        dispatchEvent(new Event("focus"));
        await clock.advance(60_000);
        const outcomes = [(await kit.call(auth)).status, auth.state.status];
        api.expire();
        outcomes.push((await kit.call(auth)).status, auth.state.ended);
        await auth.login(kit.ada);
        await clock.advance(30 * 86_400_000);
        return [...outcomes, (await kit.call(auth)).code, auth.state.ended];
      });
      assert.deepEqual(told, [200, "signed-in", 403, "expired", "login-required", "expired"]);
    });

    test("where nobody but the person can renew, a clock that is set back asks nothing, and one that is set forward asks once", async () => {
      const told = await inPage(async () => {
        let asked = 0;
        const onLoginRequired = () => (asked++, kit.ada);
        const { clock, tabs: [auth] } = await kit.open({ dialect: "stockapi", renewal: { onLoginRequired } });
        const outcomes = [];
        for (const days of [-1, 2]) {
          clock.jump(days * 86_400_000);
          dispatchEvent(new Event("focus"));
          await clock.advance(60_000);
          outcomes.push((await kit.call(auth)).status, asked, auth.state.ended);
        }
        return outcomes;
      });
      assert.deepEqual(told, [200, 0, null, 200, 1, null]);
    });

    test("whoever is active in one tab stays signed in in the other; when nobody is, both end, for that reason", async () => {
      const told = await inPage(async () => {
        const { tabs: [one], clock } = await kit.open({ idleMs: 60_000 });
        // The page's keys are for the first tab alone.
        const { addEventListener } = globalThis;
        globalThis.addEventListener = (type, ...given) => type === "keydown" || addEventListener(type, ...given);
        const other = await kit.tab("gatego", { idleMs: 60_000 });
        globalThis.addEventListener = addEventListener;
        const states = [];
        for (let minutes = 0; minutes < 5; minutes++) {
          for (const seconds of [20, 20, 20]) {
            await clock.advance(seconds * 1000);
            dispatchEvent(new KeyboardEvent("keydown", { key: "a" }));
          }
          states.push(one.state.status, other.state.status);
        }
        await clock.advance(70_000);
        await kit.eventually(() => [one, other].every(({ state }) => state.status === "signed-out"));
        return { states, ended: [one.state.ended, other.state.ended] };
      });
      assert.deepEqual(told.states, Array(10).fill("signed-in"));
      // The first to look ends it for both.
      assert.ok(told.ended.includes("idle"), told.ended.join());
      assert.ok(told.ended.every((it) => ["idle", "signed-out-elsewhere"].includes(it)), told.ended.join());
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
