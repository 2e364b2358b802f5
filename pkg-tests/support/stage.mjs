// Where a test plays: the demo server, the gateway in front of it, and what the test drives the clients with. `Stage` is what both kinds
// share; a page adds a browser to it, Node nothing.

import { after, afterEach, before } from "node:test";
import { DEADLINE_MS, within } from "./deadline.mjs";
import { Demo } from "./demo.mjs";
import { Gateway } from "./gateway.mjs";
import { pageUrl } from "./package.mjs";
import { assertNoSecrets } from "./secrets.mjs";
import { thawAll } from "./tab-processes.mjs";

// How long a browser may take to tell something, or to go, before it counts as hanging.
const ANSWER_MS = 10_000;
const LIMITED = { timeout: DEADLINE_MS };

export class Stage {
  heard = [];

  /** @param Server what stands in for the API: the demo, or another with its methods */
  constructor(Server = Demo) {
    this.Server = Server;
  }

  async open(options) {
    this.demo = await this.Server.start(options);
    this.gateway = await new Gateway(this.demo.address).open();
    this.lifetimeSecs = options?.lifetimeSecs;
    return this;
  }

  async close() {
    this.gateway.close();
    await this.demo.stop();
  }

  /** The options of a client of that realm. */
  options(realm, more) {
    return { dialect: realm, baseUrl: this.gateway.api + this.demo.realm(realm).mount, lifetimeSecs: this.lifetimeSecs, ...more };
  }

  /** Nothing of what was heard may hold a token or a password. */
  assertQuiet() {
    assertNoSecrets(this.heard, [...this.gateway.tokens, this.demo.config.password, "an entirely wrong one"]);
    this.heard.length = 0;
  }
}

/** A stage for the tests of one file, or of one `describe`, with everything put back after each. */
export function staged(open, options) {
  const stage = open();
  before(() => stage.open(options), LIMITED);
  afterEach(async () => {
    await stage.tidy();
    await stage.demo.reset();
    stage.assertQuiet();
    stage.gateway.reset();
  }, LIMITED);
  after(() => stage.close(), LIMITED);
  return stage;
}

/** Pages of a browser as the place where the clients live. */
export class BrowserStage extends Stage {
  #tabs = [];
  #contexts = new Set();

  constructor(engine, Server) {
    super(Server);
    this.engine = engine;
  }

  async open(options) {
    await super.open(options);
    this.browser = await this.engine.launch();
    return this;
  }

  async close() {
    await within(ANSWER_MS, this.browser?.close());
    await super.close();
  }

  // A tab that hangs, or is gone, has nothing to say; the test that made it so has said it.
  async tidy() {
    thawAll();
    await Promise.all(this.#tabs.splice(0).map((tab) => within(ANSWER_MS, tab.listen()).catch(() => {})));
    const contexts = [...this.#contexts];
    this.#contexts.clear();
    for (const context of contexts) await within(ANSWER_MS, context.close());
  }

  /** A tab of a browser profile of its own, or another tab of that one; `lack` runs in it before the package is there. */
  async tab(context, lack) {
    context ??= await this.browser.newContext();
    this.#contexts.add(context);
    const tab = new Tab(this, context, await context.newPage(), lack);
    this.#tabs.push(tab);
    await tab.open();
    return tab;
  }

  /** A tab with a client named `app` in it. */
  async opened(realm, options, context, lack) {
    const tab = await this.tab(context, lack);
    await tab.lab.open("app", this.options(realm, options));
    return tab;
  }

  /** So many tabs of one profile, in which Ada is signed in. The first one is where she has logged in. */
  async signedIn(realm, number, options) {
    const tabs = [await this.opened(realm, options)];
    const { code } = await this.login(tabs[0], realm, "ada");
    if (code !== null) throw new Error(`Ada cannot log in: ${code}`);
    const others = Array.from({ length: number - 1 }, () => this.opened(realm, options, tabs[0].context));
    return [...tabs, ...(await Promise.all(others))];
  }

  login = (tab, realm, username) => tab.lab.login("app", this.demo.credentials(realm, username));
}

/** A page with a lab in it. */
class Tab {
  #page;
  #lack;

  constructor(stage, context, page, lack = () => {}) {
    Object.assign(this, { stage, context });
    this.#page = page;
    this.#lack = lack;
    this.lab = new Proxy({}, { get: (_, method) => (...given) => this.#ask(String(method), given) });
    /** What the page has stored: `page-storage.mjs`. */
    this.storage = new Proxy({}, { get: (_, method) => (...given) => this.#ask(String(method), given, "/page-storage.mjs") });
  }

  async open() {
    await this.#page.goto(this.stage.gateway.page);
    await this.#load();
  }

  async #load() {
    const { page } = this.stage.gateway;
    await this.evaluate(this.#lack);
    const urls = { lab: `${page}/lab.mjs`, entry: page + pageUrl("."), dialects: page + pageUrl("./dialects") };
    await this.evaluate(async ({ lab, entry, dialects }) => {
      const [{ makeLab }, relatch] = await Promise.all([import(lab), import(entry)]);
      globalThis.lab = makeLab({ ...relatch, dialects: await import(dialects) });
    }, urls);
  }

  /** Loads the page anew: what was in memory is gone, what was stored is not. */
  async reload() {
    await this.listen();
    await this.#page.reload();
    await this.#load();
  }

  async close() {
    await this.listen();
    await this.#page.close();
  }

  /** Runs a function in the page; it goes there as text, so it sees nothing but its argument. */
  evaluate(work, argument) {
    return this.#page.evaluate(work, argument);
  }

  /** Takes down what the page has heard. */
  async listen() {
    const heard = await this.evaluate(() => [...globalThis.lab.heard().splice(0), ...globalThis.overheard.splice(0)]);
    this.stage.heard.push(...heard);
  }

  /** Everything in both kinds of web storage and in the database, as text. */
  async stored() {
    const web = () => [Object.entries(localStorage), Object.entries(sessionStorage)];
    return JSON.stringify([...(await this.evaluate(web)), await this.storage.records()]);
  }

  #ask(method, given, module) {
    const work = async ([method, given, module]) => (module ? await import(location.origin + module) : globalThis.lab)[method](...given);
    return this.evaluate(work, [method, given, module]);
  }
}

/** This process as the place where the clients live. */
export class NodeStage extends Stage {
  async open(options) {
    await super.open(options);
    const { makeLab } = await import("./lab.mjs");
    this.lab = makeLab({ ...(await import("relatch")), dialects: await import("relatch/dialects") });
    return this;
  }

  async tidy() {
    this.heard.push(...this.lab.heard().splice(0));
  }
}
