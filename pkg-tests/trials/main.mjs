// `cargo xtask trials`: what `browser/trials.test.mjs` plays a few times, as often as one likes.

import { parseArgs } from "node:util";
import { ENGINES } from "../support/engines.mjs";
import { BrowserStage } from "../support/stage.mjs";
import { StrictServer } from "../support/strict-server.mjs";
import { trials } from "../support/trials.mjs";

const { values } = parseArgs({ options: { trials: { type: "string" }, tabs: { type: "string", multiple: true } } });
const times = Number(values.trials);
const sum = { trials: 0, doubleSends: 0, signOuts: 0, otherwise: [] };

for (const engine of ENGINES) {
  for (const tabs of values.tabs.map(Number)) {
    const result = await play(engine, tabs);
    console.log(`${engine.name}, ${tabs} tabs: ${spelled(result)}`);
    for (const it of result.otherwise) console.log(`  ${it}`);
    sum.trials += result.trials;
    sum.doubleSends += result.doubleSends;
    sum.signOuts += result.signOuts;
    sum.otherwise.push(...result.otherwise);
  }
}
console.log(spelled(sum));
process.exit(sum.doubleSends + sum.signOuts + sum.otherwise.length === 0 ? 0 : 1);

async function play(engine, tabs) {
  const stage = await new BrowserStage(engine, StrictServer).open();
  try {
    return await trials(stage, { tabs, times });
  } finally {
    await stage.close();
  }
}

function spelled({ trials, doubleSends, signOuts }) {
  return `${trials} trials, ${doubleSends} double sends, ${signOuts} sign-outs`;
}
