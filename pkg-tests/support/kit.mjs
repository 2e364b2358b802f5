// A page in which tabs are copies of the package, at one fake API and under one clock of the test kit: what takes hours, or has to happen
// at one moment, in an engine's own storage, locks and channels.

import { after, before } from "node:test";
import { DEADLINE_MS, within } from "./deadline.mjs";
import { Gateway } from "./gateway.mjs";
import { pageUrl } from "./package.mjs";

const LIMITED = { timeout: DEADLINE_MS };
const GOES_MS = 10_000;

/** Gives what runs a function in a page that has just been loaded; it goes there as text, and finds `kit` there. */
export function kitIn(engine) {
  let browser, gateway, context, page;
  before(async () => {
    gateway = await new Gateway("http://127.0.0.1:9").open();
    browser = await engine.launch();
    context = await browser.newContext();
    page = await context.newPage();
  }, LIMITED);
  after(async () => {
    await within(GOES_MS, browser?.close());
    gateway.close();
  }, LIMITED);
  return async (body, argument) => {
    await page.goto(gateway.page);
    await page.evaluate(lay, [".", "./dialects", "./testing"].map((it) => gateway.page + pageUrl(it)));
    return page.evaluate(body, argument);
  };
}

/** Runs in the page. */
async function lay([entry, documents, testingKit]) {
  const { setTimeout } = globalThis;
  const [dialects, testing] = [await import(documents), await import(testingKit)];
  const ada = { identifier: "ada", password: "correct horse 9" };
  const grace = { identifier: "grace", password: "another horse 7" };
  const baseUrl = `https://${crypto.randomUUID()}.example.com`;

  /** What a promise comes to: `null`, or the error's code. */
  const codeOf = (promise) => promise.then(() => null, (error) => error.code ?? error.name);

  const kit = {
    ...{ ada, grace, baseUrl, codeOf, memoryStorage: testing.memoryStorage },

    /** Another tab. */
    async tab(dialect = "gatego", options = {}) {
      const { createClient } = await import(`${entry}?tab=${crypto.randomUUID()}`);
      const auth = createClient({ dialect: dialects[dialect], baseUrl, fetch: kit.api.fetch, ...options });
      await auth.ready();
      return auth;
    },

    /** A clock, an API, and so many tabs, in the first of which Ada has logged in. */
    async open({ dialect = "gatego", tabs = 1, api = {}, ...options } = {}) {
      kit.clock = testing.installClock();
      kit.api = testing.fakeApi({ dialect: dialects[dialect], baseUrl, users: [ada, grace], calls: (_, { name }) => ({ name }), ...api });
      const opened = [];
      while (opened.length < tabs) {
        opened.push(await kit.tab(dialect, options));
        if (opened.length === 1) await opened[0].login(ada);
      }
      return { clock: kit.clock, api: kit.api, tabs: opened };
    },

    /** What a call comes to: its status, or the error's code, and whether it may be tried again. */
    call: (auth, init) =>
      auth.fetch("/orders", init).then(
        ({ status }) => ({ status }),
        ({ code, name, retryable }) => ({ code: typeof code === "string" ? code : name, retryable }),
      ),

    /** Lets time pass in small steps, until the promise is settled. */
    async within(ms, promise) {
      const begun = kit.clock.now;
      let outcome;
      void promise.then((it) => (outcome = [it]));
      for (await kit.clock.settle(); !outcome && kit.clock.now - begun < ms; ) await kit.clock.advance(250);
      return outcome ? { ...outcome[0], ms: kit.clock.now - begun } : { code: "still waiting" };
    },

    /** Waits, in the world's time, until it holds. */
    async eventually(holds) {
      for (let tries = 0; tries < 1000 && !holds(); tries++) {
        await new Promise((resolve) => setTimeout(resolve, 10));
        await kit.clock.settle();
      }
      return holds();
    },

    events: (auth) => auth.history().map(({ event }) => event),

    /** Hides the page, or shows it. */
    hide(hidden) {
      Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
      document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
    },
  };
  globalThis.kit = kit;
}
