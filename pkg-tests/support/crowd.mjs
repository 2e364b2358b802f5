// Tabs of one profile in which Ada is signed in to GateGo, and what must hold whatever befalls them: nobody is signed out, nobody hangs, and no
// call is sent more than twice.

import assert from "node:assert/strict";
import { within } from "./deadline.mjs";

export const RENEWAL = ["POST", "/gatego/auth/refresh-token"];
const CALL = ["POST", "/gatego/transfers"];

/** Of a session's own requests, unless the client is told otherwise. */
const REQUEST_MS = 15_000;
/** Beside such a request, the longest that a call may wait: for a lock that is not let go, and for the lease of whoever holds it. */
const WAITING_MS = 30_000;
const ENDS = ["signed-out", "signed-out-elsewhere", "session-ended", "expired", "credentials-refused", "account-disabled"];

export class Crowd {
  #calls = 0;

  static async open(stage, number, options) {
    const answeredMs = WAITING_MS + (options?.timeouts?.requestMs ?? REQUEST_MS);
    return new Crowd(stage, await stage.signedIn("gatego", number, options), answeredMs);
  }

  constructor(stage, tabs, answeredMs) {
    Object.assign(this, { stage, tabs, answeredMs });
  }

  /** Ends all access tokens, and counts from then on. */
  async expire() {
    await this.stage.demo.expire("gatego");
    this.stage.gateway.forget();
  }

  /** Sends so many calls from each of these tabs at once; what became of them. */
  async call(times, tabs = this.tabs) {
    const outcomes = tabs.map((tab) => tab.lab.each("app", "/transfers", this.#numbers(times)));
    return (await within(this.answeredMs, Promise.all(outcomes))).flat();
  }

  /** The same, and all of them succeed. */
  async succeed(times, tabs) {
    const outcomes = await this.call(times, tabs);
    assert.deepEqual(outcomes.filter((it) => it.status !== 200), []);
  }

  /** How many calls the network has seen, each time that one was sent. */
  get sent() {
    return this.stage.gateway.count(...CALL);
  }

  /** How many requests for new tokens the network has seen. */
  get renewals() {
    return this.stage.gateway.count(...RENEWAL);
  }

  async assertUnharmed(tabs = this.tabs) {
    for (const tab of tabs) {
      assert.equal((await tab.lab.state("app")).status, "signed-in");
      assert.deepEqual((await tab.lab.events("app")).filter((it) => ENDS.includes(it)), []);
    }
    const times = new Map();
    const sent = this.stage.gateway.seen.filter((it) => it.path === CALL[1]);
    for (const { body } of sent) times.set(body, (times.get(body) ?? 0) + 1);
    assert.deepEqual([...times].filter(([, it]) => it > 2), [], "sent more than twice");
  }

  // Each is told from all others by its number.
  #numbers = (times) => Array.from({ length: times }, () => String((this.#calls += 1)));
}
