// How the soak judges a sign-out: its figures are worth as much as this.

import assert from "node:assert/strict";
import { test } from "../support/deadline.mjs";
import { Ledger } from "../soak/ledger.mjs";

const REALM = "gatego";
const SECOND = 1_000;

/** A ledger of one tab that has been signed in for a minute, and what that tab tells it. */
function ledger() {
  const kept = new Ledger([REALM], () => {});
  const tab = { name: "tab 1", stillness: [] };
  const app = { realm: REALM, events: [], longCalls: [], waiting: [], outcomes: {}, longestMs: 0, asked: 0 };
  const tell = (more) => kept.take(tab, { apps: [{ ...app, ...more }], errors: [] });
  const happens = (type, status, at = Date.now()) => tell({ events: [{ type, status, at, history: [] }] });
  kept.loginBegins(REALM);
  kept.loginEnds(REALM);
  happens("signed-in", "signed-in", Date.now() + SECOND);
  return { kept, tab, tell, happens };
}

const later = () => Date.now() + 60 * SECOND;

test("a sign-out that nobody asked for is false, and its session lost", () => {
  const { kept, happens } = ledger();
  happens("session-ended", "signed-out", later());
  assert.deepEqual([kept.falseSignOuts, kept.sessionsLost, kept.isLost(REALM)], [1, 1, true]);
});

test("a sign-out after a log-out is right, also in a tab that hears of it late", () => {
  const { kept, happens } = ledger();
  kept.end(REALM, "logged out");
  happens("signed-out-elsewhere", "signed-out", later());
  assert.deepEqual([kept.falseSignOuts, kept.sessionsLost], [0, 0]);
});

test("a log-out excuses no sign-out of the session that came after it", () => {
  const { kept, happens } = ledger();
  kept.end(REALM, "logged out");
  kept.loginBegins(REALM);
  happens("adopted", "signed-in", later());
  happens("expired", "signed-out", later() + SECOND);
  assert.equal(kept.falseSignOuts, 1);
});

test("a tab that opens signed out is right while nobody is signed in, and no longer", () => {
  const { kept, happens } = ledger();
  kept.end(REALM, "logged out");
  happens("opened", "signed-out");
  assert.equal(kept.falseSignOuts, 0);
  kept.loginBegins(REALM);
  kept.loginEnds(REALM);
  happens("opened", "signed-out", later());
  assert.equal(kept.falseSignOuts, 1);
});

test("what a tab stood still is no stall of its calls", () => {
  const { kept, tab, tell } = ledger();
  tab.stillness.push({ begun: 10 * SECOND, ended: 40 * SECOND });
  tell({ longCalls: [{ begun: 5 * SECOND, ended: 45 * SECOND, outcome: 200 }] });
  assert.equal(kept.longestMs, 10 * SECOND);
});
