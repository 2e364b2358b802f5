// One tab, seen from outside. Whatever is done to it is done in turn: a tab that is frozen, or just loading, is asked when it can answer.

import { within } from "../support/deadline.mjs";

// A machine that is busy with ten browsers' worth of pages is slow; one that needs longer than this has a tab that hangs.
const ANSWER_MS = 60_000;

export class Tab {
  /** When it stood still: `{ begun, ended }`. */
  stillness = [];
  #turn = Promise.resolve();
  #page;

  /** @param profile what all tabs have in common: the browser's context, and what each does in it */
  constructor(profile, name) {
    Object.assign(this, { profile, name });
  }

  /** One piece of work at a time. */
  inTurn(work) {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }

  async open() {
    this.#page = await this.profile.context.newPage();
    await this.#page.goto(this.profile.address);
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

  evaluate(work, argument) {
    return within(ANSWER_MS, this.#page.evaluate(work, argument));
  }

  /** Asks what its page offers. */
  ask(method, ...given) {
    return this.evaluate(([method, given]) => globalThis.soak[method](...given), [method, given]);
  }
}
