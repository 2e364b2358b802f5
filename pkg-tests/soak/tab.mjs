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
  #process;

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
    // Best before there is work for it. A machine that is too busy may show it later.
    await this.#findProcess().catch(() => {});
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

  async #findProcess() {
    return (this.#process ??= await processOf(this));
  }

  /** Lets its process stand still. */
  async freeze(millis) {
    const process = await this.#findProcess();
    const begun = Date.now();
    freeze(process);
    await pause(millis);
    thaw(process);
    this.stillness.push({ begun, ended: Date.now() });
  }

  /** Ends its process; what is left can be closed. */
  async crash() {
    kill(await this.#findProcess());
  }

  evaluate(work, argument) {
    return within(ANSWER_MS, this.#page.evaluate(work, argument));
  }

  /** Asks what its page offers. */
  ask(method, ...given) {
    return this.evaluate(([method, given]) => globalThis.soak[method](...given), [method, given]);
  }
}
