// The conformance scenarios in every browser engine.

import { describe } from "node:test";
import { test } from "../support/deadline.mjs";
import { ENGINES } from "../support/engines.mjs";
import { run, scenarios } from "../support/scenario.mjs";
import { BrowserStage, staged } from "../support/stage.mjs";

for (const engine of ENGINES) {
  describe(engine.name, () => {
    const stage = staged(() => new BrowserStage(engine));
    for (const play of scenarios()) {
      test(`${play.scenario.name} (${play.realm}): ${play.scenario.about}`, async () => {
        await run(stage, await stage.tab(), play);
      });
    }
  });
}
