// Random choices that follow from a seed alone. What a browser makes of them does not: two runs of one seed are alike, not the same.

export class Random {
  #state;

  /** @param {number} seed any whole number */
  constructor(seed) {
    this.#state = seed >>> 0;
  }

  /** A random source of its own, so that one part of the soak does not change what another one draws. */
  fork = () => new Random(this.#next());

  // Mulberry32.
  #next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** A whole number, both ends included. */
  between(least, most) {
    return least + (this.#next() % (most - least + 1));
  }

  chance = (percent) => this.between(1, 100) <= percent;

  pick = (list) => list[this.between(0, list.length - 1)];

  /** One of several, each as likely as its `weight` says. */
  weighted(list) {
    let drawn = this.between(1, list.reduce((sum, { weight }) => sum + weight, 0));
    return list.find(({ weight }) => (drawn -= weight) <= 0);
  }
}
