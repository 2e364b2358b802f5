// Where a test plays: the demo server, the gateway in front of it, and what the test drives the clients with. `Stage` is what both kinds
// share; a page adds a browser to it, Node nothing.

import { after, afterEach, before } from "node:test";
import { Demo } from "./demo.mjs";
import { Gateway } from "./gateway.mjs";
import { pageUrl } from "./package.mjs";
import { assertNoSecrets } from "./secrets.mjs";

export class Stage {
  heard = [];

  async open(options) {
    this.demo = await Demo.start(options);
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
  before(() => stage.open(options));
  afterEach(async () => {
    await stage.tidy();
    await stage.demo.reset();
    stage.assertQuiet();
    stage.gateway.reset();
  });
  after(() => stage.close());
  return stage;
}

/** Pages of a browser as the place where the clients live. */
export class BrowserStage extends Stage {
  #tabs = [];

  constructor(engine) {
    super();
    this.engine = engine;
  }

  async open(options) {
    await super.open(options);
    this.browser = await this.engine.launch();
    return this;
  }

  async close() {
    await this.browser?.close();
    await super.close();
  }

  async tidy() {
    for (const tab of this.#tabs) await tab.listen().catch(() => {});
    for (const context of this.browser.contexts()) await context.close();
    this.#tabs.length = 0;
  }

  /** A tab of a browser profile of its own, or another tab of that one. */
  async tab(context) {
    const page = await (context ?? (await this.browser.newContext())).newPage();
    const tab = new Tab(this, page);
    this.#tabs.push(tab);
    page.on("console", (message) => this.heard.push(`console: ${message.text()}`));
    page.on("pageerror", (error) => this.heard.push(`page error: ${error.stack}`));
    await page.addInitScript(overhear);
    await page.goto(this.gateway.page);
    await tab.load();
    return tab;
  }
}

/** Runs in the page before anything else: what tabs tell each other is for every script of the origin to hear. */
function overhear() {
  const { postMessage } = BroadcastChannel.prototype;
  globalThis.broadcast = [];
  BroadcastChannel.prototype.postMessage = function (message) {
    globalThis.broadcast.push(`broadcast: ${JSON.stringify(message)}`);
    return postMessage.call(this, message);
  };
}

/** A page with a lab in it. */
class Tab {
  constructor(stage, page) {
    this.stage = stage;
    this.page = page;
    this.context = page.context();
    this.lab = new Proxy({}, { get: (_, method) => (...given) => this.#ask(String(method), given) });
  }

  async load() {
    const urls = { entry: pageUrl("."), dialects: pageUrl("./dialects") };
    await this.page.evaluate(async ({ entry, dialects }) => {
      const [{ makeLab }, relatch] = await Promise.all([import("/lab.mjs"), import(entry)]);
      globalThis.lab = makeLab({ ...relatch, dialects: await import(dialects) });
    }, urls);
  }

  /** Loads the page anew: what was in memory is gone, what was stored is not. */
  async reload() {
    await this.listen();
    await this.page.reload();
    await this.load();
  }

  /** Takes down what the page has heard, and what it has stored where anybody may look. */
  async listen() {
    const heard = await this.page.evaluate(() => [...globalThis.lab.heard().splice(0), ...globalThis.broadcast.splice(0)]);
    this.stage.heard.push(...heard);
  }

  /** Everything in both kinds of web storage, as text. */
  stored = () => this.page.evaluate(() => JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)]));

  #ask(method, given) {
    return this.page.evaluate(([method, given]) => globalThis.lab[method](...given), [method, given]);
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
