// The demo server, started for a file of tests, with the controls that make it misbehave.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { endWithSignals } from "./program.mjs";

const PROGRAM = process.env.RELATCH_SERVER ?? new URL("../../target/debug/relatch-server", import.meta.url).pathname;

export class Demo {
  /** Starts one on a free port; `lifetimeSecs` is that of its access tokens, its APIs' own unless given. */
  static async start({ lifetimeSecs } = {}) {
    endWithSignals();
    const data = mkdtempSync(join(tmpdir(), "relatch-tests-"));
    const demo = new Demo(data);
    process.once("exit", () => demo.#leave());
    await demo.#start(0, lifetimeSecs);
    demo.config = await demo.#ask("config");
    return demo;
  }

  constructor(data) {
    this.data = data;
  }

  /** Starts it again after `kill`: on the same port and data, so that sessions go on. What was asked before is forgotten. */
  async restart({ lifetimeSecs = this.lifetimeSecs } = {}) {
    await this.#start(new URL(this.address).port, lifetimeSecs);
  }

  /** Ends it as a crash would: amid whatever it does. */
  kill = () => this.#end("SIGKILL");

  async stop() {
    await this.#end("SIGINT");
    this.#leave();
  }

  async #start(port, lifetimeSecs) {
    const lifetime = lifetimeSecs === undefined ? [] : ["--lifetime", lifetimeSecs];
    const given = ["demo", "--port", port, "--data", this.data, ...lifetime].map(String);
    const child = spawn(PROGRAM, given, { stdio: ["ignore", "pipe", "inherit"] });
    Object.assign(this, { child, lifetimeSecs });
    const gone = new Promise((_, reject) => {
      child.once("error", reject);
      child.once("exit", (code) => reject(new Error(`the demo server ended with ${code}`)));
    });
    gone.catch(() => {});
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    this.address = await Promise.race([firstAddress(lines), gone]);
  }

  async #end(signal) {
    const { child } = this;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await gone;
  }

  // The server removes a directory of its own making only when it is asked to end; hence one of ours.
  #leave() {
    this.child?.kill("SIGKILL");
    rmSync(this.data, { recursive: true, force: true });
  }

  async #ask(path, method = "GET", body = undefined) {
    const headers = body === undefined ? {} : { "content-type": "application/json" };
    const response = await fetch(`${this.address}/demo/${path}`, { method, headers, body: JSON.stringify(body) });
    assert.ok(response.ok, `/demo/${path} answered ${response.status}`);
    return response.status === 204 ? null : response.json();
  }

  realm(name) {
    return this.config.realms.find((realm) => realm.name === name);
  }

  /** What to log in with as one of the demo's people. */
  credentials(realm, username) {
    const account = this.realm(realm).accounts.find((it) => it.username === username);
    return { identifier: account.identifier, password: this.config.password };
  }

  reset = () => this.#ask("reset", "POST", {});
  expire = (realm, username) => this.#ask(`${realm}/expire`, "POST", username === undefined ? {} : { username });
  enable = (realm, username, enabled) => this.#ask(`${realm}/account`, "POST", { username, enabled });
  answers = (realm, mode) => this.#ask(`${realm}/answers`, "POST", { mode });
  endSessions = (realm, username) => this.#ask(`${realm}/end-sessions`, "POST", { username });
  outbox = (realm) => this.#ask(`${realm}/outbox`);

  /** How often each was asked since the last clearing: `{ "POST /login": 1 }`; preflights do not count. */
  async counts(realm) {
    const { counts } = await this.#ask(`${realm}/requests`);
    return Object.fromEntries(Object.entries(counts).filter(([what]) => !what.startsWith("OPTIONS ")));
  }

  forgetCounts = (realm) => this.#ask(`${realm}/requests`, "DELETE");
}

async function firstAddress(lines) {
  for await (const line of lines) {
    const [address] = line.match(/http:\/\/[\d.:]+/) ?? [];
    if (address) return address;
  }
  throw new Error("the demo server did not say where it listens");
}
