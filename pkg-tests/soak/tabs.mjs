// What happens to tabs: a row each, as in `network.mjs`.

import { setTimeout as pause } from "node:timers/promises";

const HOUR_MS = 3_600_000;

const one = (work) => ({ profile, random }) => {
  const tab = random.pick(profile.tabs);
  // It may be closed before it is its turn.
  return tab.inTurn(() => profile.tabs.includes(tab) && work(profile, tab));
};

async function clockSet({ profile, random }) {
  await profile.setClock(random.pick([-HOUR_MS, HOUR_MS]));
  await pause(random.between(2_000, 30_000));
  await profile.setClock(0);
}

export const TROUBLES = [
  { name: "a tab reloaded", weight: 10, run: one((profile, tab) => profile.reload(tab)) },
  { name: "a tab closed, and another opened", weight: 8, run: one((profile, tab) => profile.replace(tab)) },
  { name: "the clock set by an hour, and back", weight: 2, run: clockSet },
];
