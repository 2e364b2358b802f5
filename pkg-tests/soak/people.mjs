// Whoever sits in front of the tabs: logs in, logs out now and then, and is sometimes logged out by an administrator.

import { setTimeout as pause } from "node:timers/promises";

const BETWEEN_MS = [40_000, 150_000];
const OUT_MS = [500, 6_000];

export class People {
  constructor({ profile, demo, ledger, realms, random, say }) {
    Object.assign(this, { profile, demo, ledger, realms, random, say });
  }

  /** Somebody logs in at every realm. */
  async begin() {
    for (const { realm } of this.realms) await this.#login(realm);
  }

  /** Goes on until `isOver`. */
  async live(isOver) {
    while (!isOver()) {
      await this.#wait(isOver);
      if (!isOver()) await this.#leave(this.random.pick(this.realms));
    }
  }

  // What was lost is begun anew, so that the soak goes on.
  async #wait(isOver) {
    const until = Date.now() + this.random.between(...BETWEEN_MS);
    while (Date.now() < until && !isOver()) {
      await pause(1_000);
      for (const { realm } of this.realms) if (this.ledger.isLost(realm)) await this.#begunAnew(realm);
    }
  }

  async #begunAnew(realm) {
    this.ledger.end(realm, "lost, and begun anew");
    await this.#login(realm);
  }

  async #leave({ realm, renewsByLogin }) {
    // A session that kept credentials renew is not over when the server ends it.
    const byServer = !renewsByLogin && this.random.chance(30);
    this.ledger.end(realm, byServer ? "ended by an administrator" : "logged out");
    if (byServer) await this.#endAtServer(realm);
    else await this.#ask("logout", realm);
    await pause(this.random.between(...OUT_MS));
    await this.#login(realm);
  }

  // The server may be down just now.
  async #endAtServer(realm) {
    while (!(await this.demo.endSessions(realm).then(() => true, () => false))) await pause(500);
  }

  async #login(realm) {
    this.ledger.loginBegins(realm);
    for (let failure; (failure = await this.#ask("login", realm)); ) {
      this.say(`a login at ${realm} failed: ${failure}`);
      await pause(1_000);
    }
    this.ledger.loginEnds(realm);
  }

  #ask(method, realm) {
    const tab = this.random.pick(this.profile.tabs);
    return tab.inTurn(() => tab.ask(method, realm)).catch((error) => String(error));
  }
}
