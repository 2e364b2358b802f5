// Tabs that renew at the same instant; `cargo xtask trials` plays more of these.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { test } from "../support/deadline.mjs";
import { ENGINES } from "../support/engines.mjs";
import { BrowserStage, staged } from "../support/stage.mjs";
import { StrictServer } from "../support/strict-server.mjs";
import { trials } from "../support/trials.mjs";

const TIMES = 50;
const DEADLINE_MS = 180_000;

for (const engine of ENGINES) {
  describe(engine.name, () => {
    const stage = staged(() => new BrowserStage(engine, StrictServer));

    for (const tabs of [2, 10]) {
      test(`${tabs} tabs that meet an expired token at once renew it once, ${TIMES} times of ${TIMES}, though the server forgives nothing`, async () => {
        const result = await trials(stage, { tabs, times: TIMES });
        assert.deepEqual(result, { trials: TIMES, doubleSends: 0, signOuts: 0, otherwise: [] });
      }, DEADLINE_MS);
    }
  });
}
