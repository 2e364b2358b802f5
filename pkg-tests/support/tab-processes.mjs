// Which process of the system a tab runs in, and what may befall it from outside: a crash, a freeze, the machine's sleep. No engine tells;
// so the page is kept busy, and its process is the one that time goes to. Reads `/proc`, and hence works on Linux only.

import { readFileSync, readdirSync } from "node:fs";

/** What a page is kept busy with, by number and not by time: a machine that is busy itself gives it little of that. */
const STEPS = 60_000_000;
/** The process has to use so much of the processor, in hundredths of a second, and so many times more than the next one. */
const LEAST_TICKS = 8;
const TIMES_MORE = 3;
const ROUNDS = 20;

/** Stopped processes would outlive a test that fails, and let nobody close their browser. */
const frozen = new Set();

/** How each engine starts the processes that pages run in, beside those for the network, the screen and the whole. */
const RUNS_PAGES = /--type=renderer|-isForBrowser|WebKitWebProcess/;

/** The process that the tab runs in. Its browser has to be a child of this process, and the other tabs as good as at rest. */
export async function processOf(tab) {
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = processes();
    await tab.evaluate(keepBusy, STEPS);
    const used = [...processes()].filter(runsPages).map(([pid, { ticks }]) => ({ pid, ticks: ticks - (before.get(pid)?.ticks ?? ticks) }));
    const [first, second] = used.sort((one, other) => other.ticks - one.ticks);
    if (first.ticks >= LEAST_TICKS && first.ticks >= TIMES_MORE * (second?.ticks ?? 0)) return first.pid;
  }
  throw new Error("it cannot be told in which process the tab runs");
}

function runsPages([pid]) {
  try {
    return RUNS_PAGES.test(readFileSync(`/proc/${pid}/cmdline`, "utf8"));
  } catch {
    // It has ended meanwhile.
    return false;
  }
}

/** All processes of the browser that this one belongs to. */
export function browserOf(pid) {
  const all = processes();
  let root = pid;
  while (all.get(root).parent !== process.pid) root = all.get(root).parent;
  return [...all.keys()].filter((it) => isBelow(all, it, root));
}

export function kill(pid) {
  frozen.delete(pid);
  process.kill(pid, "SIGKILL");
}

export function freeze(...pids) {
  for (const pid of pids) {
    frozen.add(pid);
    process.kill(pid, "SIGSTOP");
  }
}

export function thaw(...pids) {
  for (const pid of pids) if (frozen.delete(pid)) process.kill(pid, "SIGCONT");
}

export const thawAll = () => thaw(...frozen);

/** Runs in the page. */
function keepBusy(steps) {
  let sum = 0;
  for (let step = 0; step < steps; step += 1) sum = (sum * 31 + step) % 1_000_003;
  return sum;
}

/** Whatever this process has started, and what that has started, by number: `{ parent, ticks }`. */
function processes() {
  const all = new Map(readdirSync("/proc").filter((it) => /^\d+$/.test(it)).flatMap(statOf));
  return new Map([...all].filter(([pid]) => isBelow(all, pid, process.pid)));
}

const isBelow = (all, pid, root) => pid === root || (all.has(pid) && isBelow(all, all.get(pid).parent, root));

/** As proc(5) has it. The second field, a program's name in brackets, may hold anything; those behind it are told apart by blanks. */
function statOf(name) {
  try {
    const stat = readFileSync(`/proc/${name}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return [[Number(name), { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) }]];
  } catch {
    // It has ended meanwhile.
    return [];
  }
}
