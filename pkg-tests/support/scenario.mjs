// Runs a conformance scenario; `conformance/README.md` says what the steps mean. It speaks to the clients by plain data only, so
// it does not matter where they live.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { eventually } from "./deadline.mjs";
import { REALMS, requestOf } from "./realms.mjs";

const FOLDER = new URL("../../conformance/", import.meta.url);
const CLIENT = "scenario";
const WAITING_MS = 300;

/** Every scenario with every realm that it is for. */
export function scenarios() {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));
  const read = (name) => ({ name: name.replace(/\.json$/, ""), ...JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")) });
  return names.sort().map(read).flatMap((scenario) => (scenario.realms ?? REALMS).map((realm) => ({ scenario, realm })));
}

/** Runs it on a stage; `place` has the lab, where a session is kept if not in the usual place (`keptIn`), and `reload` if it can load anew. */
export async function run(stage, place, { scenario, realm }) {
  await new Run(stage, place, scenario, realm).run();
}

class Run {
  #token;

  constructor(stage, place, scenario, realm) {
    Object.assign(this, { stage, place, scenario, realm, lab: place.lab });
    this.neighbour = REALMS[(REALMS.indexOf(realm) + 1) % REALMS.length];
  }

  async run() {
    await this.#open();
    for (const [index, step] of this.scenario.steps.entries()) {
      await STEPS[step.do].call(this, step).catch((error) => {
        error.message = `step ${index + 1}, ${JSON.stringify(step)}: ${error.message}`;
        throw error;
      });
    }
    await this.lab.dispose(CLIENT);
  }

  #open() {
    const { client } = this.scenario;
    return this.lab.open(CLIENT, this.stage.options(this.realm, { storage: this.place.keptIn, ...client }));
  }

  async reload() {
    await this.lab.dispose(CLIENT);
    await this.place.reload?.();
    await this.#open();
  }

  credentials({ as, identifier, password }) {
    const { demo } = this.stage;
    const known = demo.realm(this.realm).accounts.some((it) => it.username === as);
    const usual = known ? demo.credentials(this.realm, as) : { identifier: identifier ?? `${as}@example.com`, password: demo.config.password };
    return { ...usual, ...(password !== undefined && { password }) };
  }

  path(name) {
    const { demo, gateway } = this.stage;
    if (name === "neighbour") return gateway.api + demo.realm(this.neighbour).mount + demo.realm(this.neighbour).profile;
    return demo.realm(this.realm)[name];
  }

  request(place) {
    return place === "guarded" ? `GET ${this.path(place)}` : requestOf(this.realm, place);
  }

  wanted(value) {
    const differs = value !== null && typeof value === "object" && "*" in value;
    return differs ? (value[this.realm] ?? value["*"]) : value;
  }

  check(outcome, expect = {}) {
    const { details = [], refused, ...members } = expect;
    const wants = Object.entries(members).map(([name, value]) => [name, this.wanted(value)]);
    const has = wants.map(([name]) => [name, outcome[name]]);
    assert.deepEqual(Object.fromEntries(has), Object.fromEntries(wants), `it came to ${JSON.stringify(outcome)}`);
    if (refused) assert.ok(outcome.code !== null || outcome.status >= 400, `it came to ${JSON.stringify(outcome)}`);
    else if (members.code === undefined) assert.equal(outcome.code, null, `it came to ${JSON.stringify(outcome)}`);
    for (const name of details) assert.ok(name in outcome.details, `no ${name} in ${JSON.stringify(outcome.details)}`);
  }

  rememberToken() {
    // The newest token that came out of the server: the lab never hands one over.
    this.#token = this.stage.gateway.seen.findLast((it) => it.bearer)?.bearer;
  }

  async useToken() {
    const { gateway, demo } = this.stage;
    const { mount, profile } = demo.realm(this.realm);
    const { status } = await fetch(gateway.api + mount + profile, { headers: { authorization: this.#token } });
    return { code: null, status };
  }
}

const STEPS = {
  async login(step) {
    this.check(await this.lab.login(CLIENT, this.credentials(step)), step.expect);
  },
  async call({ path, times = 1, expect }) {
    for (const outcome of await this.lab.calls(CLIENT, this.path(path), times)) this.check(outcome, expect);
  },
  async begin({ name, path }) {
    await this.lab.begin(name, CLIENT, this.path(path));
  },
  async waits({ name }) {
    assert.equal(await this.lab.outcome(name, WAITING_MS), null, "it does not wait");
  },
  async outcome({ name, expect }) {
    this.check((await this.lab.outcome(name)) ?? { code: "still waiting" }, expect);
  },
  async renew({ expect }) {
    this.check(await this.lab.renew(CLIENT), expect);
  },
  async logout({ expect }) {
    this.check(await this.lab.logout(CLIENT), expect);
  },
  async supply({ as }) {
    await this.lab.supply(CLIENT, as === null ? null : this.credentials({ as }));
  },
  async reload() {
    await this.reload();
  },
  async "remember-token"() {
    this.rememberToken();
  },
  async expire() {
    // Tokens are issued and refused to the millisecond.
    await pause(2);
    await this.stage.demo.expire(this.realm);
    await pause(2);
  },
  async disable({ who }) {
    await this.stage.demo.enable(this.realm, who, false);
  },
  async "end-sessions"({ who }) {
    await this.stage.demo.endSessions(this.realm, who);
  },
  async answers({ mode }) {
    await this.stage.demo.answers(this.realm, mode);
  },
  async "forget-requests"() {
    await this.stage.demo.forgetCounts(this.realm);
  },
  async "expect-requests"({ expect }) {
    const counts = await this.stage.demo.counts(this.realm);
    const seen = Object.keys(expect).map((place) => [place, counts[this.request(place)] ?? 0]);
    assert.deepEqual(Object.fromEntries(seen), expect);
  },
  async "expect-neighbour-requests"({ expect }) {
    const counts = await this.stage.demo.counts(this.neighbour);
    assert.equal(Object.values(counts).reduce((sum, count) => sum + count, 0), expect);
  },
  async "expect-remembered-token"({ expect }) {
    this.check(await this.useToken(), expect);
  },
  async "expect-state"({ expect }) {
    const { status } = await this.lab.state(CLIENT);
    assert.deepEqual({ status }, expect);
  },
  async "expect-events"({ expect }) {
    const events = await this.lab.events(CLIENT);
    assert.deepEqual(events.filter((it) => it !== "ready"), expect);
  },
  async "expect-asked"({ expect }) {
    await eventually(`the person is asked ${expect} times`, async () => (await this.lab.asked(CLIENT)).length === expect);
  },
};
