// The conformance scenarios in Node. A session on a server lives in memory, said by name, so those that load anew are the browsers' alone.

import { test } from "../support/deadline.mjs";
import { run, scenarios } from "../support/scenario.mjs";
import { NodeStage, staged } from "../support/stage.mjs";

const stage = staged(() => new NodeStage());
const reloads = ({ scenario }) => scenario.steps.some((step) => step.do === "reload");

for (const play of scenarios().filter((play) => !reloads(play))) {
  test(`${play.scenario.name} (${play.realm}): ${play.scenario.about}`, async () => {
    await run(stage, { lab: stage.lab, keptIn: "memory" }, play);
  });
}
