// What happens to tabs: a row each, as in `network.mjs`.

import { setTimeout as pause } from "node:timers/promises";
import { isRenewal, LONGEST_LIFETIME_MS } from "./realms.mjs";

const HOUR_MS = 3_600_000;
const STILL_MS = [1_000, 45_000];

const one = (work) => ({ profile, random }) => {
  const tab = random.pick(profile.tabs);
  return tab.inTurn(() => work(profile, tab, random));
};

/** Half of the tabs at once, the moment that one of them has sent a renewal. */
const amidRenewal = (work) => async ({ proxy, profile, random, realms }) => {
  const whose = random.pick(realms);
  const delayed = proxy.inject("delay", { times: 1, delayMs: random.between(500, 5_000), on: (request) => isRenewal(whose, request) });
  await Promise.race([delayed.met, pause(LONGEST_LIFETIME_MS)]);
  delayed.stop();
  const half = profile.tabs.filter(() => random.chance(50));
  await Promise.all(half.map((tab) => tab.inTurn(() => work(profile, tab, random))));
};

async function asleep({ profile, random }) {
  const millis = random.between(...STILL_MS);
  await profile.inStep((tabs) => Promise.all(tabs.map((tab) => tab.freeze(millis))));
}

async function clockSet({ profile, random }) {
  await profile.setClock(random.pick([-HOUR_MS, HOUR_MS]));
  await pause(random.between(2_000, 30_000));
  await profile.setClock(0);
}

const TROUBLES = [
  { name: "a tab reloaded", weight: 10, run: one((profile, tab) => profile.reload(tab)) },
  { name: "a tab closed, and another opened", weight: 8, run: one((profile, tab) => profile.replace(tab)) },
  { name: "a tab crashed, and another opened", weight: 4, crashes: true, run: one((profile, tab) => profile.crash(tab)) },
  { name: "a tab frozen and thawed", weight: 6, run: one((_, tab, random) => tab.freeze(random.between(...STILL_MS))) },
  { name: "half of the tabs reloaded amid a renewal", weight: 4, run: amidRenewal((profile, tab) => profile.reload(tab)) },
  { name: "half of the tabs frozen amid a renewal", weight: 3, run: amidRenewal((_, tab, random) => tab.freeze(random.between(...STILL_MS))) },
  { name: "all tabs asleep", weight: 2, run: asleep },
  { name: "the clock set by an hour, and back", weight: 2, run: clockSet },
];

/** What can be done to tabs of that engine. */
export const troublesOf = ({ crashesAreFinal }) => TROUBLES.filter(({ crashes }) => !(crashes && crashesAreFinal));
