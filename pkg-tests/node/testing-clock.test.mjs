// The movable clock of `relatch/testing`.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gatego, stockapi } from "relatch/dialects";
import { installClock } from "relatch/testing";
import { codeOf, movableClock, signedIn } from "../support/fake.mjs";

const HOUR_MS = 3_600_000;

describe("the platform's clock, replaced", () => {
  test("stands still, and goes on only when told", async () => {
    const clock = movableClock({ now: "2026-03-01T12:00:00Z" });
    const [wall, monotonic] = [Date.now(), performance.now()];
    assert.deepEqual([new Date().toISOString(), new Date(0).getTime(), Date() === new Date().toString()], ["2026-03-01T12:00:00.000Z", 0, true]);
    await clock.advance(1500);
    assert.deepEqual([Date.now() - wall, performance.now() - monotonic, clock.now - wall], [1500, 1500, 1500]);
  });

  test("jumps with its wall alone, and sleeps with its timers standing", async () => {
    const clock = movableClock();
    const [wall, monotonic] = [Date.now(), performance.now()];
    let fired = 0;
    setTimeout(() => fired++, 1000);
    clock.jump(-HOUR_MS);
    await clock.sleep(2 * HOUR_MS);
    assert.deepEqual([Date.now() - wall, performance.now() - monotonic, fired], [HOUR_MS, 0, 0]);
    await clock.advance(1000);
    assert.equal(fired, 1);
  });

  test("fires timers in their order, with what each begins done before the next", async () => {
    const clock = movableClock();
    const log = [];
    const note = (what) => log.push(`${what} ${clock.now - began}`);
    const began = clock.now;
    setTimeout(async (what) => {
      note(what);
      await new Response("").text();
      note("after it");
      setTimeout(note, 50, "nested");
    }, 200, "second");
    setTimeout(note, 100, "first");
    setTimeout(note, 251, "third");
    const cleared = setTimeout(note, 10, "cleared");
    clearTimeout(cleared);
    setTimeout(note, 2 ** 31, "beyond what platforms keep").unref?.();
    await clock.advance(300);
    assert.deepEqual(log, ["beyond what platforms keep 1", "first 100", "second 200", "after it 200", "nested 250", "third 251"]);
    assert.equal(clock.timers, 0);
  });

  test("repeats what is repeated, until it is cleared", async () => {
    const clock = movableClock();
    let fired = 0;
    const timer = setInterval(() => ++fired === 3 && clearInterval(timer), 100);
    await clock.advance(1000);
    assert.equal(fired, 3);
  });

  test("ends signals by its own time", async () => {
    const clock = movableClock();
    const signal = AbortSignal.timeout(5000);
    await clock.advance(4999);
    assert.equal(signal.aborted, false);
    await clock.advance(1);
    assert.equal(signal.reason.name, "TimeoutError");
  });

  test("is given back whole, and there is one at a time", () => {
    const before = [Date, performance.now, setTimeout, clearTimeout, setInterval, clearInterval, AbortSignal.timeout];
    const real = setTimeout(() => assert.fail("a timer from before was cleared"), 20);
    const clock = installClock();
    assert.throws(() => installClock(), /there is one already/);
    clearTimeout(real);
    clock.uninstall();
    clock.uninstall();
    assert.deepEqual([Date, performance.now, setTimeout, clearTimeout, setInterval, clearInterval, AbortSignal.timeout], before);
    assert.ok(!Object.hasOwn(performance, "now"));
  });
});

describe("a session under it", () => {
  test("ends with its token where nothing renews it", async () => {
    const clock = movableClock();
    const { api, auth } = await signedIn(stockapi);
    await clock.advance(auth.state.expiresAt - Date.now() + 1000);
    assert.equal(await codeOf(auth.fetch("/orders")), "login-required");
    assert.deepEqual([auth.state.status, auth.state.ended], ["signed-out", "expired"]);
    assert.equal(api.count(), 1);
  });

  for (const hours of [-24, -1, 1, 24]) {
    test(`outlives a clock that is set by ${hours} hours, with one renewal at most`, async () => {
      const clock = movableClock();
      const { api, auth } = await signedIn(gatego);
      clock.jump(hours * HOUR_MS);
      for (let calls = 0; calls < 5; calls++) assert.equal((await auth.fetch("/orders")).status, 200);
      assert.ok(api.count("renew") <= 1);
      assert.equal(auth.state.status, "signed-in");
    });
  }

  test("goes on after a night's sleep, and over a month", async () => {
    const clock = movableClock();
    const { api, auth } = await signedIn(gatego);
    await clock.sleep(9 * HOUR_MS);
    assert.equal((await auth.fetch("/orders")).status, 200);
    assert.equal(api.count("renew"), 1);
    await clock.advance(24 * HOUR_MS);
    assert.equal((await auth.fetch("/orders")).status, 200);
    assert.ok(api.count("renew") >= 24 && api.count("renew") <= 30, `${api.count("renew")} renewals in a day`);
  });

  test("is gone when its refresh token's time is over", async () => {
    const clock = movableClock();
    const { auth } = await signedIn(gatego, { refreshLifetimeSecs: 7200 });
    await clock.sleep(3 * HOUR_MS);
    await codeOf(auth.fetch("/orders"));
    assert.equal(auth.state.status, "signed-out");
  });
});
