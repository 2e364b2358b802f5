// How long a token lives, by every way in which an API says it, and with the traps that were seen.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe } from "node:test";
import { test } from "../support/deadline.mjs";
import { plain, scripted } from "../support/scripted.mjs";

const api = scripted();
const HOUR = 3_600_000;
const CASES = new URL("../../dialects/fixtures/expiry.json", import.meta.url);

const jwt = (claims) => ["{}", JSON.stringify(claims), "s"].map((it) => Buffer.from(it).toString("base64url")).join(".");
const dateOf = (ms) => new Date(ms).toUTCString();

/** The lifetime that a login's answer comes to, as the state has it; `null` for none. */
async function lifetime(expires, json, date) {
  const token = json.token ?? "t";
  api.answers["POST /login"] = { json: { ...json, token }, headers: date === undefined ? {} : { date: dateOf(date) } };
  const before = Date.now();
  const auth = await api.signedIn(plain({ expires, answer: { json: { token: "{access_token}", expires: "{expires?}" } } }));
  const { expiresAt } = auth.state;
  auth.dispose();
  return expiresAt === null ? null : [expiresAt - Date.now(), expiresAt - before];
}

/** It is that long, but for the time that the test itself takes. */
function assertIs(found, ms, what) {
  if (ms === null) return assert.equal(found, null, what);
  assert.ok(found !== null, `${what}: none`);
  assert.ok(found[0] <= ms && found[1] >= ms, `${what}: ${found}, not ${ms}`);
}

describe("what an answer says", () => {
  const { cases } = JSON.parse(readFileSync(CASES, "utf8"));
  // A date header has whole seconds, a session is never so short as to end within one, and numbers that a page would round are captured nowhere.
  const isWhole = (it) => typeof it !== "number" || !Number.isInteger(it) || Number.isSafeInteger(it);
  const told = cases.filter(({ now_ms, lifetime_ms, value }) => now_ms % 1000 === 0 && (lifetime_ms ?? 1000) >= 1000 && (lifetime_ms ?? 0) < 2 ** 52 && isWhole(value));
  for (const { unit, value, now_ms, lifetime_ms } of told) {
    test(`${JSON.stringify(value)} as ${unit} is ${lifetime_ms === null ? "nothing to go by" : `${lifetime_ms} ms`}`, async () => {
      assertIs(await lifetime({ unit }, { expires: value }, now_ms), lifetime_ms, `${value} ${unit}`);
    });
  }
});

describe("what a token says", () => {
  const now = Date.parse("2026-03-05T10:15:30Z");
  const secs = now / 1000;

  test("by both of its times is their difference, whatever the clocks", async () => {
    for (const claims of [{ iat: 5, exp: 3605 }, { iat: 5_000_000_000_000, exp: 5_000_003_600_000 }])
      assertIs(await lifetime({ jwt: true }, { token: jwt(claims) }, now), HOUR, JSON.stringify(claims));
  });

  test("by its end alone counts from the answer's date", async () => {
    for (const exp of [secs + 3600, (secs + 3600) * 1000]) assertIs(await lifetime({ jwt: true }, { token: jwt({ exp }) }, now), HOUR, `${exp}`);
  });

  test("of an end that is near or past is the sign of a wrong clock, and of nonsense nothing", async () => {
    for (const claims of [{ exp: secs + 30 }, { exp: secs - 3600 }, { exp: "soon" }, {}, { iat: secs, exp: secs - 5 }, { iat: "x", exp: secs + 3600 }])
      assertIs(await lifetime({ jwt: true }, { token: jwt(claims) }, now), null, JSON.stringify(claims));
  });

  test("is not looked at unless the document says so, nor if the answer says it", async () => {
    assertIs(await lifetime({}, { token: jwt({ iat: 5, exp: 3605 }) }), null, "not asked");
    assertIs(await lifetime({ jwt: true }, { token: jwt({ iat: 5, exp: 3605 }), expires: 60 }), 60_000, "told");
    assertIs(await lifetime({ jwt: true }, { token: jwt({ iat: 5, exp: 3605 }), expires: "never" }), HOUR, "nonsense told");
  });
});

test("where the answer says nothing that can be believed, the document's own figure counts", async () => {
  for (const expires of ["soon", -1, undefined]) assertIs(await lifetime({ after_secs: 600 }, { expires }), 600_000, `${expires}`);
});

test("an end counts from our own clock where the answer's date cannot be seen", async () => {
  const answer = (headers) => () => new Response(JSON.stringify({ token: "t", expires: Math.floor(Date.now() / 1000) + 3600 }), { headers });
  const auth = await api.signedIn(plain({ expires: { unit: "epoch" }, answer: { json: { token: "{access_token}", expires: "{expires}" } } }), { fetch: answer({}) });
  assert.ok(Math.abs(auth.state.expiresAt - Date.now() - HOUR) < 60_000);
});
