// Foreign hands: what else is called while something is under way, and listeners that do what they like.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { test } from "../support/deadline.mjs";
import { ENGINES } from "../support/engines.mjs";
import { kitIn } from "../support/kit.mjs";

function* orders(things) {
  if (things.length === 0) yield [];
  for (const thing of things) for (const rest of orders(things.filter((it) => it !== thing))) yield [thing, ...rest];
}

for (const engine of ENGINES) {
  describe(engine.name, () => {
    const inPage = kitIn(engine);

    for (const [how, pause] of [["in one breath", 0], ["a request apart", 40]]) {
      test(`login, logout, renew and dispose ${how}, in every order: each is answered, and the next page agrees with the API`, async () => {
        const told = await inPage(async ([orders, pause]) => {
          const { api, clock } = await kit.open();
          const outcomes = [];
          for (const order of orders) {
            const auth = await kit.tab();
            if (auth.state.status === "signed-out") await auth.login(kit.ada);
            // Late enough for what came before to be under way, or to be answered.
            const lift = api.fault({ kind: "delay", ms: 100, times: Infinity });
            const asked = [];
            for (const what of order) {
              if (what === "dispose") auth.dispose();
              else asked.push(kit.codeOf(what === "login" ? auth.login(kit.grace) : auth[what]()));
              await clock.advance(pause);
            }
            await clock.advance(60_000);
            const codes = await Promise.race([Promise.all(asked), clock.advance(120_000).then(() => "still waiting")]);
            lift();
            const next = await kit.tab();
            const { status } = next.state;
            const call = await kit.call(next);
            outcomes.push({ order, codes, status, call: call.status ?? call.code });
            next.dispose();
          }
          return outcomes;
        }, [[...orders(["login", "logout", "renew", "dispose"])], pause]);
        assert.equal(told.length, 24);
        for (const outcome of told) {
          assert.ok(Array.isArray(outcome.codes), JSON.stringify(outcome));
          const known = [null, "disposed", "aborted", "session-changed", "login-required"];
          assert.ok(outcome.codes.every((it) => known.includes(it)), JSON.stringify(outcome));
          assert.equal(outcome.call, outcome.status === "signed-in" ? 200 : "login-required", JSON.stringify(outcome));
        }
      });
    }

    test("listeners that throw disturb nobody, and what they throw is the page's to see", async () => {
      const told = await inPage(async () => {
        const logger = () => {
          throw new Error("of the logger");
        };
        const { tabs: [auth], api } = await kit.open({ logger });
        const events = [];
        auth.subscribe(() => {
          throw new Error("of the listener");
        });
        auth.subscribe((_, { type }) => events.push(type));
        api.expire();
        const { status } = await kit.call(auth);
        await auth.logout();
        // What is thrown comes from a timer of its own, which under this clock means from `advance`.
        const seen = new Set();
        while (kit.clock.timers > 0 && seen.size < 2) await kit.clock.advance(10).catch(({ message }) => seen.add(message));
        return { status, events, seen: [...seen].sort() };
      });
      assert.deepEqual(told, { status: 200, events: ["renewed", "signed-out"], seen: ["of the listener", "of the logger"] });
    });

    test("listeners may call anything, and wait for it", async () => {
      const told = await inPage(async () => {
        const { tabs: [auth], api } = await kit.open();
        const outcomes = [];
        const all = [];
        auth.subscribe((state, { type }) => {
          const work = async () => {
            if (type === "renewed") outcomes.push((await kit.call(auth)).status, auth.state === auth.getSnapshot(), await kit.codeOf(auth.logout()));
            if (type === "signed-out") outcomes.push(await kit.codeOf(auth.login(kit.grace)));
            if (type === "signed-in") outcomes.push(JSON.parse(await (await auth.fetch("/orders")).text()).name, auth.history().length > 3, await auth.token() !== "");
          };
          all.push(work());
        });
        api.expire();
        const { status } = await kit.call(auth);
        await kit.eventually(() => outcomes.length === 7);
        await Promise.all(all);
        return [status, ...outcomes];
      });
      assert.deepEqual(told, [200, 200, true, null, null, "grace", true, true]);
    });

    test("a listener that disposes of the client, or stops listening, ends with that", async () => {
      const told = await inPage(async () => {
        const { tabs: [auth] } = await kit.open();
        const heard = [];
        const stop = auth.subscribe((_, { type }) => (heard.push(`first ${type}`), stop()));
        auth.subscribe((_, { type }) => (heard.push(`second ${type}`), auth.dispose()));
        const renewal = await kit.codeOf(auth.renew());
        return [heard, [null, "disposed"].includes(renewal), await kit.codeOf(auth.renew()), await kit.codeOf(auth.fetch("/orders"))];
      });
      assert.deepEqual(told, [["first renewed", "second renewed"], true, "disposed", "disposed"]);
    });

    test("a listener that never returns its promise holds nothing up", async () => {
      const told = await inPage(async () => {
        const { tabs: [one, other], api } = await kit.open({ tabs: 2 });
        for (const auth of [one, other]) auth.subscribe(() => new Promise(() => {}));
        api.expire();
        const outcomes = await Promise.all([kit.call(one), kit.call(other)]);
        await one.logout();
        await kit.eventually(() => other.state.status === "signed-out");
        return [...outcomes.map((it) => it.status), other.state.ended];
      });
      assert.deepEqual(told, [200, 200, "signed-out-elsewhere"]);
    });

    test("an onLoginRequired that never answers holds calls up for as long as the app has said, and the session stays", async () => {
      const told = await inPage(async () => {
        const onLoginRequired = () => new Promise(() => {});
        const { tabs: [auth], api, clock } = await kit.open({ dialect: "stockapi", renewal: { onLoginRequired }, timeouts: { loginMs: 30_000 } });
        api.expire();
        const outcome = await kit.within(60_000, kit.call(auth));
        const login = await kit.codeOf(auth.login(kit.ada));
        return [outcome.code, outcome.ms <= 31_000, auth.state.status, login, (await kit.call(auth)).status, clock.timers < 10];
      });
      assert.deepEqual(told, ["timeout", true, "signed-in", null, 200, true]);
    });

    test("an onLoginRequired that throws counts as one that gives nothing", async () => {
      const told = await inPage(async () => {
        addEventListener("error", (event) => event.preventDefault());
        const onLoginRequired = () => {
          throw new Error("of the app");
        };
        const { tabs: [auth], api } = await kit.open({ dialect: "stockapi", renewal: { onLoginRequired } });
        api.expire();
        return [(await kit.within(10_000, kit.call(auth))).code, auth.state.ended];
      });
      assert.deepEqual(told, ["login-required", "expired"]);
    });

    test("a lock that somebody holds for ever delays a call, and no more", async () => {
      const told = await inPage(async () => {
        const { tabs: [auth], api } = await kit.open();
        const { held } = await navigator.locks.query();
        void navigator.locks.request(`relatch:${kit.baseUrl}#`, () => new Promise(() => {}));
        api.expire();
        const outcome = await kit.within(60_000, kit.call(auth));
        return [held.length, (await navigator.locks.query()).held.length, outcome.status, outcome.ms];
      });
      assert.deepEqual(told.slice(0, 3), [0, 1, 200]);
      assert.ok(told[3] > 10_000 && told[3] <= 25_000, `after ${told[3]} ms`);
    });

    test("a login that nobody answers, or that was given up, does not stand in the way of the next one", async () => {
      const told = await inPage(async () => {
        const { tabs: [auth], api, clock } = await kit.open();
        await auth.logout();
        api.fault({ kind: "delay", ms: Infinity, operation: "login", times: 2 });
        const controller = new AbortController();
        const logins = [kit.codeOf(auth.login(kit.ada, { signal: controller.signal })), kit.codeOf(auth.login(kit.ada))];
        await clock.settle();
        controller.abort();
        const third = await kit.codeOf(auth.login(kit.grace));
        await clock.advance(20_000);
        return [...(await Promise.all(logins)), third, auth.state.status, (await kit.call(auth)).status];
      });
      assert.deepEqual(told, ["aborted", "timeout", null, "signed-in", 200]);
    });
  });
}
