// The search for secrets finds them: a test that cannot fail would prove nothing.

import assert from "node:assert/strict";
import { test } from "node:test";
import { assertNoSecrets } from "../support/secrets.mjs";

const TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl";

for (const [what, line] of Object.entries({
  "a token in a line": `console: sent Bearer ${TOKEN}`,
  "a token's signature alone": "error: …c2lnbmF0dXJl",
  "a password": 'event: {"password":"correct horse 9"}',
})) {
  test(`${what} is found, and not repeated in the report`, () => {
    const found = (error) => !/c2lnbmF0dXJl|correct horse/.test(error.message);
    assert.throws(() => assertNoSecrets(["quiet", line], [TOKEN, "correct horse 9"]), found);
  });
}

test("lines without a secret pass", () => {
  assertNoSecrets(["event: signed-in", "call: GET /me 200"], [TOKEN, "correct horse 9"]);
});
