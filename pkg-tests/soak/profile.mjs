// One browser profile with its tabs: what they have in common, and what can be done to one of them or to all.

import { pageUrl } from "../support/package.mjs";
import { Tab } from "./tab.mjs";

export class Profile {
  tabs = [];
  aheadMs = 0;
  #opened = 0;

  /**
   * @param page where the test page is served
   * @param realms what each tab works with: `{ realm, baseUrl, profile, credentials, renewsByLogin }`
   * @param take is given what each tab has written down
   */
  constructor({ context, page, realms, take }) {
    Object.assign(this, { context, address: page, realms, take, script: `${page}/soak/page.mjs` });
  }

  /** What a tab is told when it begins. */
  plan() {
    const { address, realms, aheadMs } = this;
    return { entry: address + pageUrl("."), documents: address + pageUrl("./dialects"), realms, ahead: aheadMs };
  }

  async open() {
    const tab = new Tab(this, `tab ${++this.#opened}`);
    await tab.open();
    this.tabs.push(tab);
  }

  /** Takes what the tab has written down, before it may be lost. */
  async listen(tab) {
    this.take(tab, await tab.ask("take"));
  }

  async reload(tab) {
    await this.listen(tab);
    await tab.reload();
  }

  /** Closes it, and opens another. */
  async replace(tab) {
    await this.listen(tab);
    await this.#replace(tab, () => tab.close());
  }

  /** The same, with a crash. */
  async crash(tab) {
    await this.listen(tab);
    await tab.crash();
    await this.#replace(tab, () => tab.close());
  }

  /** The same, for one that does not work. */
  discard(tab) {
    return this.#replace(tab, () => tab.close().catch(() => {}));
  }

  async #replace(tab, end) {
    this.tabs.splice(this.tabs.indexOf(tab), 1);
    await end();
    await this.open();
  }

  /** Does something to all of them at once, when each of them has its turn. */
  async inStep(work) {
    const tabs = [...this.tabs];
    let go;
    const all = new Promise((resolve) => (go = resolve));
    await Promise.all(tabs.map((tab) => new Promise((ready) => tab.inTurn(() => (ready(), all)))));
    await work(tabs.filter((it) => this.tabs.includes(it))).finally(go);
  }

  /** Sets the clock of all tabs, which have one machine's. */
  setClock(aheadMs) {
    return this.inStep(async (tabs) => {
      this.aheadMs = aheadMs;
      await Promise.all(tabs.map((tab) => tab.ask("setClock", aheadMs)));
    });
  }
}
