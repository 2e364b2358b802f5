// What came of the soak: counts, and a judgement of every sign-out. One is right if somebody asked for it, or the soak ended that session at
// the server; any other is false, and its session lost. Moments are milliseconds since the epoch, which every tab reads from the same clock.

// What the clocks of two processes may differ by, and how much later than the truth a tab that just opens may still believe what it has read.
const CLOCKS_MS = 100;
const READ_MS = 10_000;

// Of calls that take longer it is known when they began, and so for how long their tab stood still.
const LONG_MS = 5_000;

export class Ledger {
  renewals = 0;
  asked = 0;
  falseSignOuts = 0;
  longestMs = 0;
  faults = {};
  ends = {};
  outcomes = {};
  complaints = [];
  #lost = new Set();
  #ended = new Map();
  #signedIn = new Map();

  /** @param say is told what nobody should have to search for */
  constructor(realms, say) {
    this.say = say;
    // It begins with nobody signed in.
    for (const realm of realms) this.#ended.set(realm, [endAt(0)]);
  }

  get sessionsLost() {
    return this.#lost.size;
  }

  get faultCount() {
    return Object.values(this.faults).reduce((sum, count) => sum + count, 0);
  }

  fault = (name) => add(this.faults, name);

  /** A session is being ended on purpose. */
  end(realm, how) {
    add(this.ends, how);
    this.#ended.get(realm).push(endAt(Date.now() - CLOCKS_MS));
  }

  /** Somebody is about to log in. */
  loginBegins(realm) {
    const end = this.#ended.get(realm).at(-1);
    end.over = Math.min(end.over, Date.now() + CLOCKS_MS);
  }

  /** Somebody has logged in. */
  loginEnds(realm) {
    this.#ended.get(realm).at(-1).done = Date.now() + READ_MS;
  }

  /** Whether a session was lost, and nobody has logged in since. */
  isLost = (realm) => this.#lost.has(this.#session(realm));

  #session = (realm) => `${realm}, session ${this.#ended.get(realm).length}`;

  /** Takes over what a tab has written down. */
  take(tab, { apps, errors }) {
    for (const error of errors) this.complain(`${tab.name}: ${error}`);
    for (const app of apps) {
      this.asked += app.asked;
      for (const [outcome, count] of Object.entries(app.outcomes)) add(this.outcomes, `${app.realm}: ${outcome}`, count);
      for (const event of app.events) this.#event(tab, app.realm, event);
      this.longestMs = Math.max(this.longestMs, Math.min(app.longestMs, LONG_MS));
      for (const call of [...app.longCalls, ...app.waiting]) this.#stall(tab, app.realm, call);
    }
  }

  /** Something went wrong that is no fault that was meant. */
  complain(what) {
    this.complaints.push(what);
    this.say(what);
  }

  /** A tab is not what it should be after all faults have ended. */
  lose(realm, why) {
    this.#lost.add(this.#session(realm));
    this.say(`LOST: ${this.#session(realm)}: ${why}`);
  }

  #stall(tab, realm, { begun, ended, outcome }) {
    const still = tab.stillness.map((it) => Math.max(0, Math.min(it.ended, ended) - Math.max(it.begun, begun)));
    const tookMs = ended - begun - still.reduce((sum, it) => sum + it, 0);
    if (tookMs < this.longestMs) return;
    this.longestMs = Math.round(tookMs);
    if (outcome !== "still waits") this.say(`${tab.name}, ${realm}: a call took ${this.longestMs} ms: ${outcome}`);
  }

  #event(tab, realm, event) {
    const key = `${tab.name}, ${realm}`;
    if (event.type === "renewed") this.renewals += 1;
    if (event.status === "signed-in") this.#signedIn.set(key, event.at);
    if (event.status !== "signed-out") return;
    const since = this.#signedIn.get(key);
    this.#signedIn.delete(key);
    if (event.type !== "opened" && since === undefined) return;
    this.#judge(tab, realm, event, event.type === "opened" ? this.#isOut(realm, event) : this.#isEnded(realm, event, since));
  }

  #isOut = (realm, { at }) => this.#ended.get(realm).some(({ began, done }) => began <= at && at <= done);
  #isEnded = (realm, { at }, since) => this.#ended.get(realm).some(({ began, over }) => began <= at && since <= over);

  #judge(tab, realm, event, isRight) {
    if (isRight) return;
    this.falseSignOuts += 1;
    this.#lost.add(this.#session(realm));
    this.say(`FALSE SIGN-OUT: ${tab.name}, ${this.#session(realm)}, ${event.type} at ${event.at}`);
    for (const it of event.history) this.say(`  ${JSON.stringify(it)}`);
  }
}

// A login that comes later cannot have begun before `over`; from `done` on, every tab that is opened finds it.
const endAt = (began) => ({ began, over: Infinity, done: Infinity });

function add(counts, key, count = 1) {
  counts[key] = (counts[key] ?? 0) + count;
}
