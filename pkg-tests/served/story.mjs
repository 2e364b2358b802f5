// What is done with each server. A page in the background: nothing is renewed before a call wants it, unless the server leaves no choice.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { createClient, defineDialect } from "relatch";
import { eventually } from "../support/deadline.mjs";
import { assertNoSecrets } from "../support/secrets.mjs";
import { Wire } from "./wire.mjs";

const CALLS = 20;
const WRONG = "another horse 7";

/** The longest lifetime of an access token here is 65 seconds. */
const ENDS_MS = 100_000;

/** Longer than a session of these servers lives that nobody uses; to ask one whether it has ended would lengthen it. */
const UNUSED_MS = 5_000;

const documentOf = (name) => JSON.parse(readFileSync(new URL(`../../dialects/gallery/${name}.json`, import.meta.url), "utf8"));

export class Story {
  /** All that an app could see or log. */
  heard = [];
  /** Every client that there was. */
  clients = [];

  /** @param {import("./backends.mjs").Backend} backend */
  constructor(backend, address) {
    Object.assign(this, { backend, baseUrl: address + (backend.below ?? ""), wire: new Wire(), store: new Map() });
    this.me = `GET ${new URL(this.baseUrl + backend.me).pathname}`;
  }

  /** A tab of the app's. */
  open({ wire = this.wire, store = this.store, name = "" } = {}) {
    const { dialect, context = {}, lasts } = this.backend;
    const auth = createClient({
      ...{ dialect: defineDialect(documentOf(dialect)), baseUrl: this.baseUrl, context, name, fetch: wire.fetch },
      storage: { getItem: () => store.get("record"), setItem: (_, value) => store.set("record", value) },
      renewal: { credentials: lasts === "login", whenHidden: lasts === "ahead" },
      logger: (entry) => this.heard.push(JSON.stringify(entry)),
    });
    auth.subscribe((state, event) => this.heard.push(JSON.stringify([state, event])));
    this.clients.push(auth);
    return auth;
  }

  close() {
    for (const auth of this.clients) {
      this.heard.push(JSON.stringify(auth.history()));
      auth.dispose();
    }
  }

  /** The code that a promise rejects with. */
  async refused(promise) {
    const error = await promise.then(() => assert.fail("it was not refused"), (error) => error);
    for (let it = error; it; it = it.cause) this.heard.push(String(it), String(it.stack), JSON.stringify(it), JSON.stringify(it.details));
    return error.code ?? error;
  }

  async isAda(response) {
    assert.equal(response.status, 200);
    assert.equal(this.backend.user(await response.json()), this.backend.login.identifier);
  }

  call = async (auth) => this.isAda(await auth.fetch(this.backend.me));

  /** Until the server no longer takes what that call had. */
  ended = (call) =>
    eventually(
      "the server lets the access token end",
      async () => {
        const response = await fetch(call.url, { headers: call.headers });
        return !response.ok || this.backend.user(await response.json()) === undefined;
      },
      ENDS_MS,
    );

  async logsIn(auth) {
    const { login, wrong } = this.backend;
    assert.equal(await this.refused(auth.login({ ...login, password: WRONG })), wrong);
    assert.equal(auth.state.status, "signed-out");
    assert.equal((await auth.login(login)).status, "signed-in");
    await this.call(auth);
  }

  /** Calls at a moment at which the token has ended are answered all the same, by a single renewal. */
  async outlives(auth, calls) {
    const last = this.wire.last(this.me);
    this.wire.clear();
    await this.ended(last);
    await Promise.all(Array.from({ length: calls }, () => this.call(auth)));
    assert.equal(this.wire.count(this.backend.renewal), 1);
  }

  /** What keeps the session alive, as the backend's row says. */
  async goesOn(auth) {
    if (this.backend.lasts === "calls") return this.goesOnByCalls(auth);
    if (this.backend.lasts !== "ahead") await this.outlives(auth, 1);
    await this.outlives(auth, CALLS);
  }

  /** Every call makes the session longer; one that nobody uses ends. */
  async goesOnByCalls(auth) {
    const begun = Date.now();
    while (Date.now() - begun < UNUSED_MS) {
      await this.call(auth);
      await pause(UNUSED_MS / 10);
    }
    assert.equal(this.wire.count(this.backend.renewal), 0);
    await pause(UNUSED_MS);
    const refusals = await Promise.all(Array.from({ length: CALLS }, () => this.refused(auth.fetch(this.backend.me))));
    // Which of the two a call gets depends on whether it came back before the session was over.
    assert.ok(refusals.every((it) => ["login-required", "session-changed"].includes(it)));
    assert.equal(this.wire.count(this.backend.renewal), 1);
    await auth.login(this.backend.login);
  }

  /** Another page finds the session where the first one has left it. */
  async isReloaded(auth) {
    auth.dispose();
    this.wire.clear();
    const again = this.open();
    assert.equal((await again.ready()).status, "signed-in");
    await this.call(again);
    assert.deepEqual([...new Set(this.wire.exchanges.map(({ what }) => what))], [this.me]);
    return again;
  }

  async logsOut(auth) {
    const { logout, forgets, me } = this.backend;
    // Whoever has what the browser had.
    const copy = this.open({ wire: this.wire.copy(), store: new Map(this.store), name: "copy" });
    assert.equal((await copy.ready()).status, "signed-in");
    await auth.logout();
    assert.equal(auth.state.status, "signed-out");
    if (logout) assert.ok(this.wire.exchanges.find(({ what }) => what === logout).status < 300);
    assert.equal(await this.refused(auth.fetch(me)), "login-required");
    if (forgets === "calls") assert.ok(!(await copy.fetch(me).catch(() => ({}))).ok);
    if (forgets === "renewals") await this.refused(copy.renew());
  }

  tellsNoSecret() {
    assert.ok(this.heard.length > 0 && this.wire.secrets.size > 0);
    assertNoSecrets(this.heard, [...this.wire.secrets, this.backend.login.password, WRONG]);
  }
}
