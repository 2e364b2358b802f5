// What happens between the tabs and the server, and to the server: a row each. How to add one: a name, how often it is drawn beside the
// others, and what it does, which ends by itself.

import { setTimeout as pause } from "node:timers/promises";
import { isRenewal, LIFETIME_SECS, LONGEST_LIFETIME_MS } from "./realms.mjs";

const isPreflight = ({ method }) => method === "OPTIONS";

/** Requests of a realm's that bring tokens, or any requests at all. */
function some({ random, realms }) {
  if (random.chance(30)) return (request) => !isPreflight(request);
  const whose = random.pick(realms);
  return (request) => isRenewal(whose, request);
}

/** A few requests meet that fault, or nobody sends any for a while. */
const few = (fault, most, how = () => ({})) => async (world) => {
  const injected = world.proxy.inject(fault, { times: world.random.between(1, most), on: some(world), ...how(world.random) });
  await Promise.race([injected.met, pause(LONGEST_LIFETIME_MS)]);
  await pause(1_000);
  injected.stop();
};

/** All requests meet that fault for a while. */
const all = (fault, longestMs) => async ({ proxy, random }) => {
  const injected = proxy.inject(fault);
  await pause(random.between(500, longestMs));
  injected.stop();
};

/** One realm answers in that way for a while. */
const answers = (mode) => async ({ demo, random, realms }) => {
  const { realm } = random.pick(realms);
  await demo.answers(realm, mode);
  await pause(random.between(500, 8_000));
  await demo.answers(realm, "normal");
};

async function killed({ demo, random }) {
  await demo.kill();
  await pause(random.between(100, 8_000));
  await demo.restart({ lifetimeSecs: random.between(...LIFETIME_SECS) });
}

async function offline({ proxy, random }) {
  await proxy.refuse();
  await pause(random.between(500, 20_000));
  await proxy.accept();
}

const expired = ({ demo, random, realms }) => demo.expire(random.pick(realms).realm);

export const FAULTS = [
  { name: "the server is killed and started again", weight: 6, run: killed },
  { name: "answers cut off after the server acted", weight: 8, run: few("cut", 3) },
  { name: "answers cut off in the middle", weight: 8, run: few("cut-short", 3) },
  { name: "answers that never arrive", weight: 5, run: few("swallow", 3) },
  { name: "requests that never arrive", weight: 4, run: few("black-hole", 3) },
  { name: "a black hole", weight: 2, run: all("black-hole", 25_000) },
  { name: "connections reset before the server knows", weight: 5, run: few("reset", 5) },
  { name: "answers delayed", weight: 5, run: few("delay", 5, (random) => ({ delayMs: random.between(500, 18_000) })) },
  { name: "a captive portal", weight: 4, run: all("garbage", 10_000) },
  { name: "offline", weight: 4, run: offline },
  { name: "429 for everything", weight: 4, run: answers("rate-limit") },
  { name: "503 for everything", weight: 4, run: answers("error") },
  { name: "tokens refused before their time", weight: 8, run: expired },
];
