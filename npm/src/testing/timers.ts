// Timers that nothing but a call fires.

interface Timer {
  readonly callback: () => void;
  due: number;
  readonly every: number | undefined;
}

/** The longest delay that platforms keep: a signed 32-bit number. A longer one fires at once. */
const MAX_DELAY_MS = 2_147_483_647;

/** Beyond the numbers that a platform gives its own timers, so that the two are never taken for each other. */
const FIRST = 2 ** 40;

export class Timers {
  readonly #all = new Map<number, Timer>();
  #last = FIRST;

  set(callback: () => void, delay: unknown, now: number, repeats: boolean): number {
    const given = Math.trunc(Number(delay));
    const ms = given >= 1 && given <= MAX_DELAY_MS ? given : 1;
    this.#all.set(++this.#last, { callback, due: now + ms, every: repeats ? ms : undefined });
    return this.#last;
  }

  /** Returns false for what is no timer of this kind. */
  clear(timer: unknown): boolean {
    const number = Number(timer);
    this.#all.delete(number);
    return number > FIRST;
  }

  get size(): number {
    return this.#all.size;
  }

  /** The timer that is due next, if it is until then; of several, the one that was set first. */
  next(until: number): readonly [number: number, due: number] | undefined {
    let next: readonly [number, number] | undefined;
    for (const [number, { due }] of this.#all) if (due <= until && (!next || due < next[1])) next = [number, due];
    return next;
  }

  fire(number: number): void {
    const timer = this.#all.get(number);
    if (!timer) return;
    if (timer.every === undefined) this.#all.delete(number);
    else timer.due += timer.every;
    timer.callback();
  }
}

/** What Node's timers are objects of. */
export class NodeTimer {
  readonly #number: number;

  constructor(number: number) {
    this.#number = number;
  }

  ref = () => this;
  unref = () => this;
  hasRef = () => true;
  [Symbol.toPrimitive] = () => this.#number;
}
