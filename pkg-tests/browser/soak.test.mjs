// As much of the soak as fits among tests: a few tabs at work while whatever can go wrong does. `cargo xtask soak` is the whole of it.

import assert from "node:assert/strict";
import { test } from "../support/deadline.mjs";
import { ENGINES } from "../support/engines.mjs";
import { Soak } from "../soak/soak.mjs";

const SOAK_MS = 20_000;
// The tabs may rest from failures for two minutes before they are themselves again.
const DEADLINE_MS = 300_000;

for (const { name } of ENGINES) {
  test(`${name}: nobody is signed out, and nobody waits too long, while everything goes wrong`, async () => {
    const report = [];
    const soak = await Soak.open({ engine: name, tabs: 4, seed: 4, write: (line) => report.push(line) });
    await soak.run(SOAK_MS).finally(() => soak.close());
    assert.ok(soak.report(), report.join("\n"));
  }, DEADLINE_MS);
}
