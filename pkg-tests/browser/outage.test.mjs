// A network that fails at a renewal or at a call: the session stays, the calls say in time that they may be tried again, and what is down is
// left in peace.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { test } from "../support/deadline.mjs";
import { ENGINES } from "../support/engines.mjs";
import { kitIn } from "../support/kit.mjs";

const MINUTE_MS = 60_000;
/** As long as a renewal may take: the lock's deadline, and the request's. */
const RENEWAL_MS = 35_000;
/** The longest pause after a failure, and what a server may ask for. */
const PAUSE_MS = 120_000;

/** What goes wrong, and with what the calls fail that need the renewal: of the tab that has tried, and of those that hear of it. */
const FAULTS = {
  "nothing can be reached": [{ kind: "refuse-connection" }, "network"],
  "the connection is reset after the server has acted": [{ kind: "drop-answer" }, "network"],
  "the answer breaks off": [{ kind: "cut" }, "network"],
  "a captive portal answers 200 with a page": [{ kind: "html" }, "unexpected-answer"],
  "the server is overloaded and says for how long": [{ kind: "status", status: 429, retryAfter: 20 }, "rate-limited"],
  "the server is overloaded": [{ kind: "status", status: 429 }, "rate-limited"],
  "the server fails": [{ kind: "status", status: 500 }, "server-error"],
  "a gateway has no server": [{ kind: "status", status: 502 }, "server-error"],
  // Not `Infinity`, which does not reach every page.
  "nobody ever answers": [{ kind: "delay", ms: 2 ** 31 - 1 }, "timeout", "network"],
  "the answer comes after the deadline": [{ kind: "delay", ms: 20_000 }, "timeout", "network"],
};

for (const engine of ENGINES) {
  describe(engine.name, () => {
    const inPage = kitIn(engine);

    for (const [what, [fault, code, elsewhere = code]] of Object.entries(FAULTS)) {
      test(`at a renewal, ${what}: calls of two tabs fail in time, and go through when it is over`, async () => {
        const told = await inPage(async ({ fault, deadlineMs, pauseMs }) => {
          const { clock, api, tabs } = await kit.open({ tabs: 2 });
          api.expire();
          const lift = api.fault({ ...fault, operation: "renew", times: Infinity });
          const call = (auth) => kit.within(2 * deadlineMs, kit.call(auth));
          const failed = await Promise.all([...tabs, ...tabs].map(call));
          const during = tabs.map((it) => it.state.status);
          lift();
          await clock.advance(pauseMs);
          const outcomes = await Promise.all(tabs.map(call));
          return { failed, during, outcomes, ended: tabs.map((it) => it.state.ended), events: tabs.map(kit.events) };
        }, { fault, deadlineMs: RENEWAL_MS, pauseMs: PAUSE_MS });
        assert.deepEqual(told.failed.map((it) => it.code).sort(), [code, code, elsewhere, elsewhere].sort(), JSON.stringify(told));
        assert.ok(told.failed.every(({ retryable, ms }) => retryable && ms <= RENEWAL_MS), JSON.stringify(told));
        assert.deepEqual(told.during, ["signed-in", "signed-in"]);
        assert.deepEqual(told.outcomes.map((it) => it.status), [200, 200], JSON.stringify(told));
        assert.deepEqual(told.ended, [null, null]);
      });
    }

    test("while the API is down for half an hour, two busy tabs ask it for tokens a handful of times a minute at the most", async () => {
      const told = await inPage(async (minuteMs) => {
        const { clock, api, tabs } = await kit.open({ tabs: 2 });
        api.expire();
        api.fault({ kind: "status", status: 503, operation: "renew", times: Infinity });
        const minutes = [];
        for (let minute = 0; minute < 30; minute++) {
          const before = api.count("renew");
          for (let second = 0; second < 60; second += 5) {
            for (const auth of tabs) void kit.call(auth);
            await clock.advance(5_000);
          }
          minutes.push(api.count("renew") - before);
        }
        return { minutes, status: tabs.map((it) => it.state.status) };
      }, MINUTE_MS);
      const [first, ...rest] = told.minutes;
      assert.ok(first <= 6 && rest.every((it) => it <= 2), JSON.stringify(told.minutes));
      assert.deepEqual(told.status, ["signed-in", "signed-in"]);
    });

    for (const form of ["seconds", "a date"]) {
      test(`a Retry-After in the form of ${form} is kept to by both tabs, and passed by by a login`, async () => {
        const told = await inPage(async (form) => {
          const { clock, api, tabs } = await kit.open({ tabs: 2 });
          api.expire();
          api.fault({ kind: "status", status: 429, operation: "renew", retryAfter: form === "seconds" ? 300 : new Date(clock.now + 300_000) });
          const codes = [];
          for (const auth of tabs) codes.push((await kit.call(auth)).code);
          await clock.advance(280_000);
          for (const auth of tabs) codes.push((await kit.call(auth)).code);
          const renewals = [api.count("renew")];
          codes.push(await kit.codeOf(tabs[1].login(kit.ada)));
          await clock.advance(30_000);
          api.expire();
          for (const auth of tabs) codes.push((await kit.call(auth)).status);
          return { codes, renewals: [...renewals, api.count("renew")] };
        }, form);
        assert.deepEqual(told, { codes: [...Array(4).fill("rate-limited"), null, 200, 200], renewals: [1, 2] });
      });
    }

    test("a Retry-After of a day is not believed for longer than ten minutes", async () => {
      const told = await inPage(async () => {
        const { clock, api, tabs: [auth] } = await kit.open();
        api.expire();
        api.fault({ kind: "status", status: 503, operation: "renew", retryAfter: 86_400 });
        const codes = [(await kit.call(auth)).code];
        await clock.advance(601_000);
        return [...codes, (await kit.call(auth)).status];
      });
      assert.deepEqual(told, ["server-error", 200]);
    });

    for (const [what, [fault]] of Object.entries(FAULTS)) {
      test(`at a call, ${what}: it is the caller's, and nothing is renewed or ended for it`, async () => {
        const told = await inPage(async (fault) => {
          const { clock, api, tabs: [auth] } = await kit.open();
          api.fault({ ...fault, operation: "GET /orders" });
          const outcome = kit.within(30_000, kit.call(auth, { signal: AbortSignal.timeout(25_000) }));
          const first = await outcome;
          return { first, second: await kit.call(auth), renewals: api.count("renew"), status: auth.state.status, now: clock.now };
        }, fault);
        const { first } = told;
        // The platform's own failures are handed on, and so is whatever was answered.
        assert.ok(first.status === (fault.status ?? 200) || ["TypeError", "TimeoutError"].includes(first.code), JSON.stringify(told));
        assert.deepEqual([told.second.status, told.renewals, told.status], [200, 0, "signed-in"]);
      });
    }

    test("a page that is off line when it is loaded has its session when it is back", async () => {
      const told = await inPage(async () => {
        const { api, tabs: [auth] } = await kit.open();
        api.expire();
        api.offline = true;
        const late = await kit.tab();
        const before = [late.state.status, await kit.call(late)];
        api.offline = false;
        dispatchEvent(new Event("online"));
        await kit.clock.advance(3_000);
        return [...before, await kit.call(late), auth.state.status];
      });
      const [status, failed, succeeded, first] = told;
      assert.deepEqual([status, failed.code, succeeded.status, first], ["signed-in", "TypeError", 200, "signed-in"]);
    });
  });
}
