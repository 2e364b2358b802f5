// A browser that is driven by the W3C WebDriver protocol, over plain `fetch`. It has what the stage asks of a browser, under the names that
// Playwright gives it, and nothing else: no selectors, no input, no interception. Scripts go to it as text.

import { Errands, obey } from "./errands.mjs";
import { VirtualDisplay } from "./virtual-display.mjs";
import { WebDriverProcess } from "./webdriver-process.mjs";

export class WebDriverBrowser {
  contexts = new Set();

  /** @param {string} program a WebDriver implementation that starts the browser by itself and needs a display */
  static async launch(program) {
    const [display, errands] = await Promise.all([VirtualDisplay.open(), Errands.open()]);
    return new WebDriverBrowser(program, display, errands);
  }

  constructor(program, display, errands) {
    Object.assign(this, { program, display, errands });
  }

  /** A browser process of its own: such a driver has one session, and what a session stores ends with it. */
  async newContext() {
    const driver = await WebDriverProcess.start(this.program, this.display.environment());
    const context = new Context(this, driver);
    this.contexts.add(context);
    return context;
  }

  async close() {
    for (const context of this.contexts) await context.close();
    this.errands.close();
    this.display.close();
  }
}

/** One session of the driver: one profile, with tabs. */
class Context {
  #turn = Promise.resolve();
  #hasPages = false;

  constructor(browser, driver) {
    Object.assign(this, { browser, driver });
  }

  async newPage() {
    return new Page(this, await this.#newHandle(), this.browser.errands.line());
  }

  // A session begins with a window.
  #newHandle() {
    return this.inTurn(async () => {
      const isFirst = !this.#hasPages;
      this.#hasPages = true;
      if (isFirst) return this.driver.ask("GET", "window");
      // The one that was spoken to last may be closed, and nothing is done for a window that is not there.
      const [handle] = await this.driver.ask("GET", "window/handles");
      await this.driver.ask("POST", "window", { handle });
      return (await this.driver.ask("POST", "window/new", { type: "tab" })).handle;
    });
  }

  /** A session has one current window, and every command is for that one; hence one piece of work at a time. */
  inTurn(work) {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }

  close() {
    this.browser.contexts.delete(this);
    return this.driver.stop();
  }
}

/** A tab. The driver opens it and loads pages; work goes to the page itself, which may be hidden, frozen, or what a crash has left. */
class Page {
  constructor(context, handle, line) {
    Object.assign(this, { context, handle, line });
  }

  async goto(url) {
    await this.#load("url", { url });
  }

  async reload() {
    await this.#load("refresh", {});
  }

  evaluate(work, argument) {
    return this.line.run(work, argument);
  }

  close() {
    return this.#inFront((driver) => driver.ask("DELETE", "window"));
  }

  #load(command, body) {
    return this.#inFront(async (driver) => {
      this.line.hangUp();
      await driver.ask("POST", command, body);
      await driver.ask("POST", "execute/sync", { script: `(${obey})(...arguments)`, args: [this.line.address] });
    });
  }

  #inFront(work) {
    const { driver } = this.context;
    return this.context.inTurn(async () => {
      await driver.ask("POST", "window", { handle: this.handle });
      await work(driver);
    });
  }
}
