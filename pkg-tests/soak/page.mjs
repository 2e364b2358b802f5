// What each tab of the soak does: an app that calls its APIs all the time, and writes down what becomes of each call and of its sessions.
// Runs in the page; the soak takes what was written down from outside.

const CALL_MS = 15_000;
const LONG_MS = 5_000;
const PAUSE_MS = [100, 900];
const PERSON_MS = [500, 3_000];
const RENEWALS_PERCENT = 1;
const BURST_PERCENT = 5;
const BURST = 10;

const pause = (millis) => new Promise((resolve) => setTimeout(resolve, millis));
const between = ([least, most]) => least + Math.random() * (most - least);
const percent = (chance) => Math.random() * 100 < chance;

/** Unlike `Date`, the same whatever clock the tab believes in. */
const moment = () => performance.timeOrigin + performance.now();

const PlatformDate = Date;
let aheadMs = 0;

/** The machine's clock, as far as the page can tell. */
globalThis.Date = class extends PlatformDate {
  constructor(...given) {
    super(...(given.length > 0 ? given : [PlatformDate.now() + aheadMs]));
  }

  static now() {
    return PlatformDate.now() + aheadMs;
  }
};

/** A session at one realm, in this tab. */
class App {
  events = [];
  longCalls = [];
  outcomes = {};
  longestMs = 0;
  asked = 0;
  #pending = new Set();
  #stopped = false;

  constructor({ createClient, dialect, realm, baseUrl, profile, credentials, renewsByLogin }) {
    Object.assign(this, { realm, profile, credentials });
    const onLoginRequired = () => this.#person();
    this.client = createClient({
      dialect,
      baseUrl,
      fetch: patient,
      renewal: renewsByLogin ? { credentials: true, onLoginRequired } : {},
    });
    this.client.subscribe(({ status }, { type }) => this.#note(type, status));
  }

  async open() {
    const { status } = await this.client.ready();
    this.#note("opened", status);
    void this.#work();
  }

  #note(type, status) {
    this.events.push({ at: moment(), type, status, ...(status === "signed-out" && { history: this.client.history() }) });
  }

  // Somebody who needs a moment.
  async #person() {
    this.asked += 1;
    await pause(between(PERSON_MS));
    return this.credentials;
  }

  async #work() {
    while (!this.#stopped) {
      await pause(between(PAUSE_MS));
      await Promise.all(Array.from({ length: percent(BURST_PERCENT) ? BURST : 1 }, () => this.call()));
      if (percent(RENEWALS_PERCENT)) await this.#timed(() => this.client.renew().then(() => "asked to renew"));
    }
  }

  call = () => this.#timed(() => this.client.fetch(this.profile).then(async (response) => (await response.text(), response.status)));

  async #timed(work) {
    const call = { begun: moment() };
    this.#pending.add(call);
    const outcome = await work().catch(({ code, name }) => (typeof code === "string" ? code : name));
    this.#pending.delete(call);
    const took = moment() - call.begun;
    this.outcomes[outcome] = (this.outcomes[outcome] ?? 0) + 1;
    this.longestMs = Math.max(this.longestMs, took);
    if (took > LONG_MS) this.longCalls.push({ begun: call.begun, ended: moment(), outcome });
    return outcome;
  }

  /** What was written down since the last time, and since when calls have been waiting. */
  take() {
    const { realm, events, longCalls, outcomes, longestMs, asked } = this;
    Object.assign(this, { events: [], longCalls: [], outcomes: {}, longestMs: 0, asked: 0 });
    const waiting = [...this.#pending].map(({ begun }) => ({ begun, ended: moment(), outcome: "still waits" }));
    return { realm, events, longCalls, outcomes, longestMs, asked, waiting, state: this.client.state.status };
  }

  /** Begins no calls any more. */
  stop() {
    this.#stopped = true;
    return this.#pending.size;
  }
}

// An app's own requests have a deadline, as the session's have.
function patient(input, init) {
  return fetch(input, init?.signal ? init : { ...init, signal: AbortSignal.timeout(CALL_MS) });
}

/** Begins to work, and gives what the soak asks of this tab. */
export async function begin({ entry, documents, realms, ahead }) {
  aheadMs = ahead;
  const [{ createClient }, dialects] = await Promise.all([import(entry), import(documents)]);
  const apps = realms.map((it) => new App({ ...it, createClient, dialect: dialects[it.realm] }));
  await Promise.all(apps.map((it) => it.open()));
  const app = (realm) => apps.find((it) => it.realm === realm);
  const settled = (promise) => promise.then(() => null, (error) => error.code ?? String(error));
  return {
    take: () => ({ apps: apps.map((it) => it.take()), errors: globalThis.overheard.splice(0).filter((it) => it.startsWith("page error")) }),
    login: (realm) => settled(app(realm).client.login(app(realm).credentials)),
    logout: (realm) => settled(app(realm).client.logout()),
    history: (realm) => app(realm).client.history(),
    setClock: (ahead) => void (aheadMs = ahead),
    stop: () => apps.reduce((sum, it) => sum + it.stop(), 0),
    call: (realm) => app(realm).call(),
  };
}
