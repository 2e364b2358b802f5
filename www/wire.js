// The page's connections to an API. A browser opens six to a host, so twenty calls to a server that has gone silent
// would keep even the control that wakes it up from getting through: those can be cut.

/** A `fetch` whose requests can be cut off, as a dying server would. */
export class Wire {
  #open = new Set();

  fetch = async (input, init = {}) => {
    const cutter = new AbortController();
    this.#open.add(cutter);
    try {
      return await fetch(input, { ...init, signal: either(init.signal, cutter.signal) });
    } finally {
      this.#open.delete(cutter);
    }
  };

  /** Cuts what has no answer yet. The session sees what it would see of a connection that breaks: a `TypeError`. */
  cut() {
    for (const cutter of this.#open) cutter.abort(new TypeError("the connection was cut"));
  }
}

const either = (theirs, ours) => (theirs ? AbortSignal.any([theirs, ours]) : ours);
