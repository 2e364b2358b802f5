// One tab, seen from outside. Whatever is done to it is done in turn: a tab that is frozen, or just loading, is asked when it can answer.

import { setTimeout as pause } from "node:timers/promises";
import { within } from "../support/deadline.mjs";
import { freeze, kill, processOf, thaw } from "../support/tab-processes.mjs";

// Longer than anything that is asked of a page may wait; a tab that needs longer hangs.
const ANSWER_MS = 180_000;

export class Tab {
  /** When it stood still: `{ begun, ended }`. */
  stillness = [];
  #turn = Promise.resolve();
  #waiting = 0;
  #page;

  /** @param profile what all tabs have in common: the browser's context, and what each does in it */
  constructor(profile, name) {
    Object.assign(this, { profile, name });
  }

  /** One piece of work at a time. */
  inTurn(work) {
    this.#waiting += 1;
    const done = this.#turn.then(work).finally(() => (this.#waiting -= 1));
    this.#turn = done.catch(() => {});
    return done;
  }

  get isIdle() {
    return this.#waiting === 0;
  }

  async open() {
    this.#page = await this.profile.context.newPage();
    await this.#page.goto(this.profile.address);
    // Before there is work for it: the one that works is not to be taken for another.
    this.process = await processOf(this);
    await this.#begin();
  }

  async reload() {
    await this.#page.reload();
    await this.#begin();
  }

  #begin() {
    return this.evaluate(async ([script, plan]) => {
      globalThis.soak = await (await import(script)).begin(plan);
    }, [this.profile.script, this.profile.plan()]);
  }

  close() {
    return within(ANSWER_MS, this.#page.close());
  }

  /** Lets its process stand still. */
  async freeze(millis) {
    const begun = Date.now();
    freeze(this.process);
    await pause(millis);
    thaw(this.process);
    this.stillness.push({ begun, ended: Date.now() });
  }

  /** Ends its process, and then what is left of it. */
  async crash() {
    kill(this.process);
    await this.close();
  }

  evaluate(work, argument) {
    return within(ANSWER_MS, this.#page.evaluate(work, argument));
  }

  /** Asks what its page offers. */
  ask(method, ...given) {
    return this.evaluate(([method, given]) => globalThis.soak[method](...given), [method, given]);
  }
}
