// Searches everything that an app could see or log for what must never be there.

import assert from "node:assert/strict";

/** @param {string[]} heard @param {Iterable<string>} secrets */
export function assertNoSecrets(heard, secrets) {
  const wanted = [...secrets].flatMap(pieces);
  for (const line of heard) {
    const found = wanted.find((secret) => line.includes(secret));
    // The secret itself must not get into the test's own report either.
    if (found !== undefined) assert.fail(`a secret in: ${line.replaceAll(found, "[secret]").slice(0, 300)}`);
  }
}

// A token's signature alone would give away as much as the whole.
function pieces(secret) {
  const parts = secret.split(".");
  return parts.length === 3 ? [secret, parts[2]] : [secret];
}
