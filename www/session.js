// One client of one API, with everything that it says and sends written into the journal.

import { createClient } from "relatch";
import { Wire } from "./wire.js";

const BRINGS_TOKEN = ["ready", "signed-in", "renewed", "adopted"];
const SAME_END_MS = 1500;
const TOLD = {
  ready: ["Session read from storage", "plain"],
  "signed-in": ["Signed in", "ok"],
  challenged: ["The login wants one more step", "plain"],
  "challenge-ended": ["The login has to begin anew", "plain"],
  renewed: ["Renewed: a new token", "ok"],
  adopted: ["Another tab's token was taken over", "ok"],
  "context-changed": ["Context changed", "plain"],
  "renewal-failed": ["Renewal failed; the session stays and tries again", "warn"],
  "store-failed": ["Storage does not work; the session goes on in memory", "warn"],
  "signed-out": ["Signed out", "plain"],
  "signed-out-elsewhere": ["Signed out in another tab", "plain"],
  "session-ended": ["The server ended the session", "bad"],
  "account-disabled": ["Signed out: the account has been disabled", "bad"],
  expired: ["Signed out: the token ended and nothing could renew it", "bad"],
  "credentials-refused": ["Signed out: the kept password was refused", "bad"],
};

/** What an event says, and its tone. */
export const told = (event) => TOLD[event] ?? [event, "plain"];

/** A session at one API, observed. */
export class Session {
  wire = new Wire();

  /**
   * @param {object} api from `apis.js`
   * @param {{ keepPassword: boolean }} choices
   * @param {import("./journal.js").Journal} journal
   * @param {Function | undefined} onLoginRequired
   */
  constructor(api, choices, journal, onLoginRequired) {
    this.api = api;
    this.journal = journal;
    this.auth = createClient({
      dialect: api.dialect,
      baseUrl: api.baseUrl,
      storage: "local",
      fetch: journal.watch(this.wire.fetch),
      renewal: { credentials: choices.keepPassword, onLoginRequired },
    });
  }

  /** @param {(event?: string) => void} listener called after every change */
  subscribe(listener) {
    this.auth.subscribe((state, event) => {
      this.#take(state, event.type);
      listener(event.type);
    });
  }

  #take(state, event) {
    if (event === "renewed") this.journal.renewals += 1;
    if (event === "signed-in") this.journal.renewals = 0;
    this.journal.note("event", ...told(event));
    this.#observe(state, event);
  }

  #observe({ status, expiresAt }, event) {
    if (status !== "signed-in") return this.journal.end();
    if (event === "ready" ? this.#knows(expiresAt) : !BRINGS_TOKEN.includes(event)) return;
    this.journal.end();
    this.journal.begin(this.#received(expiresAt), expiresAt);
  }

  // A client that is made anew on this page finds the token of the one before.
  #knows(expiresAt) {
    const current = this.journal.tokens.at(-1);
    return current?.replaced === null && Math.abs(current.until - expiresAt) < SAME_END_MS;
  }

  // After a reload the token is older than the page.
  #received(expiresAt) {
    const now = Date.now();
    return expiresAt === null ? now : Math.min(now, expiresAt - this.api.lifetime_secs * 1000);
  }
}
