// One run of the soak, from an empty profile to the verdict.

import { setTimeout as pause } from "node:timers/promises";
import { Demo } from "../support/demo.mjs";
import { ENGINES } from "../support/engines.mjs";
import { Gateway } from "../support/gateway.mjs";
import { TcpProxy } from "../support/tcp-proxy.mjs";
import { Ledger } from "./ledger.mjs";
import { FAULTS } from "./network.mjs";
import { People } from "./people.mjs";
import { Profile } from "./profile.mjs";
import { Random } from "./random.mjs";
import { LIFETIME_SECS, REALMS, realmOf } from "./realms.mjs";
import { troublesOf } from "./tabs.mjs";

const LISTEN_MS = 1_000;
const QUIET_MS = [500, 6_000];
const RECOVERY_MS = 180_000;

// What a call may wait for tokens before it is given up, and then twice its own deadline.
const LONGEST_STALL_MS = 120_000 + 2 * 15_000;

export class Soak {
  /** @param write is given each line of the report */
  static async open({ engine, tabs, seed, write }) {
    const soak = new Soak(ENGINES.find(({ name }) => name === engine), new Random(seed), write);
    await soak.#open(tabs);
    return soak;
  }

  constructor(engine, random, write = console.log) {
    Object.assign(this, { engine, random, write });
    this.ledger = new Ledger(REALMS, this.say);
    this.begun = Date.now();
  }

  say = (line) => this.write(`${((Date.now() - this.begun) / 1000).toFixed(1).padStart(7)} s  ${line}`);

  async #open(count) {
    const { random, ledger, say } = this;
    const demo = (this.demo = await Demo.start({ lifetimeSecs: random.between(...LIFETIME_SECS) }));
    const proxy = (this.proxy = await TcpProxy.open(demo.address));
    this.gateway = await new Gateway(demo.address).open();
    this.browser = await this.engine.launch();
    const realms = REALMS.map((name) => realmOf(demo, proxy, name));
    const take = (tab, told) => ledger.take(tab, told);
    const profile = new Profile({ context: await this.browser.newContext(), page: this.gateway.page, realms, take });
    this.people = new People({ profile, demo, ledger, realms, random: random.fork(), say });
    Object.assign(this, { realms, profile });
    for (let at = 0; at < count; at += 1) await profile.open();
  }

  async run(millis) {
    await this.people.begin();
    this.begun = Date.now();
    this.until = this.begun + millis;
    const isOver = () => Date.now() >= this.until;
    await Promise.all([
      this.#draw(FAULTS, isOver),
      this.#draw(troublesOf(this.engine), isOver),
      this.people.live(isOver),
      this.#watch(LISTEN_MS, isOver, () => this.#listen()),
      this.#watch(60_000, isOver, () => this.say(this.#figures())),
    ]);
    await this.#recover();
  }

  async #draw(rows, isOver) {
    const { demo, proxy, profile, realms } = this;
    const world = { demo, proxy, profile, realms, random: this.random.fork() };
    while (!isOver()) {
      await pause(world.random.between(...QUIET_MS));
      const { name, run } = world.random.weighted(rows);
      this.ledger.fault(name);
      await run(world).catch((error) => this.ledger.complain(`${name}: ${error}`));
    }
  }

  async #watch(everyMs, isOver, work) {
    while (!isOver()) {
      await pause(Math.min(everyMs, this.until - Date.now()));
      await work();
    }
  }

  // One that stands still just now is not waited for.
  async #listen() {
    await Promise.all(this.profile.tabs.filter((it) => it.isIdle).map((tab) => this.#listenTo(tab)));
  }

  async #listenTo(tab) {
    try {
      await tab.inTurn(() => this.profile.listen(tab));
    } catch (error) {
      this.ledger.complain(`${tab.name} does not answer: ${error}`);
      await this.profile.discard(tab);
    }
  }

  // Faults are over: everybody has to be signed in, and be served.
  async #recover() {
    const until = Date.now() + RECOVERY_MS;
    await this.proxy.clear();
    for (const tab of this.profile.tabs) {
      for (const { realm } of this.realms) {
        while ((await tab.ask("call", realm)) !== 200 && Date.now() < until) await pause(1_000);
        if (Date.now() >= until) this.ledger.lose(realm, `${tab.name} is not served`);
      }
    }
    while ((await Promise.all(this.profile.tabs.map((tab) => tab.ask("stop")))).some(Boolean) && Date.now() < until) await pause(500);
    await this.#listen();
  }

  #figures() {
    const { renewals, faultCount, sessionsLost, falseSignOuts, longestMs } = this.ledger;
    const minutes = Math.round((Math.min(Date.now(), this.until) - this.begun) / 60_000);
    return `${minutes} minutes, ${renewals} renewals, ${faultCount} faults, ${sessionsLost} sessions lost, ${falseSignOuts} false sign-outs, longest stall ${longestMs} ms`;
  }

  /** Writes what came of it; true if all is well. */
  report() {
    const { ledger } = this;
    this.#count("What was done", { ...ledger.faults, ...ledger.ends });
    this.#count("Of that, at the proxy", this.proxy.counts);
    this.#count("What became of calls", ledger.outcomes);
    this.write(`\nA person was asked for credentials ${ledger.asked} times. ${ledger.complaints.length} complaints.\n`);
    this.write(this.#figures());
    return ledger.sessionsLost + ledger.falseSignOuts + ledger.complaints.length === 0 && ledger.longestMs <= LONGEST_STALL_MS;
  }

  #count(title, counts) {
    this.write(`\n${title}:`);
    for (const [what, count] of Object.entries(counts).sort()) this.write(`${String(count).padStart(8)}  ${what}`);
  }

  async close() {
    await this.browser.close();
    this.gateway.close();
    await this.proxy.close();
    await this.demo.stop();
  }
}
