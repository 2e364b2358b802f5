// The soak: ten tabs of one profile at work, while servers, networks, clocks and people do to them what they do. `cargo xtask soak` runs it.
// The last line is `M minutes, R renewals, F faults, L sessions lost, X false sign-outs, longest stall S ms`.

import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Soak } from "./soak.mjs";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "60" },
    tabs: { type: "string", default: "10" },
    engine: { type: "string", default: "Chromium" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
  },
});

const soak = await Soak.open({ engine: values.engine, tabs: Number(values.tabs), seed: Number(values.seed) });
console.log(`${values.minutes} minutes, ${values.tabs} tabs in ${values.engine}, seed ${values.seed}`);
await soak.run(Number(values.minutes) * 60_000);
const isGood = soak.report();
await Promise.race([soak.close(), pause(10_000)]);
process.exit(isGood ? 0 : 1);
