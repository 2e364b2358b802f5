// The store that fails, and the page for Node, under the packed client.

import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { gatego } from "relatch/dialects";
import { installPage, memoryStorage } from "relatch/testing";
import { ADA, BASE_URL, GRACE, apiOf, clientAt, codeOf, later } from "../support/fake.mjs";

describe("memoryStorage", () => {
  test("keeps texts as web storage does", () => {
    const store = memoryStorage([["a", "1"]]);
    store.setItem("b", 2);
    assert.deepEqual([store.length, store.key(1), store.getItem("a"), store.getItem("b"), store.getItem("c")], [2, "b", "1", "2", null]);
    store.removeItem("a");
    store.clear();
    assert.equal(store.length, 0);
  });

  test("fails as a browser's does when it is full or blocked, and keeps half of what is corrupt", () => {
    const store = memoryStorage([["a", "1234"]]);
    store.full = true;
    assert.throws(() => store.setItem("a", "5"), { name: "QuotaExceededError" });
    assert.equal(store.getItem("a"), "1234");
    store.blocked = true;
    for (const use of [() => store.getItem("a"), () => store.setItem("a", ""), () => store.length]) assert.throws(use, { name: "SecurityError" });
    store.blocked = false;
    store.corrupt();
    assert.equal(store.getItem("a"), "12");
  });
});

describe("in a page for Node", () => {
  let page;
  beforeEach(() => (page = installPage()));
  afterEach(() => page.uninstall());

  /** A client as the page has it after loading. */
  async function loaded(api, options) {
    const auth = clientAt(api, gatego, { storage: "local", ...options });
    const events = [];
    auth.subscribe((_, { type }) => events.push(type));
    await auth.ready();
    return Object.assign(auth, { events });
  }

  test("a session outlives a reload, with any storage that lasts", async () => {
    for (const storage of ["local", "session", memoryStorage()]) {
      const api = apiOf(gatego);
      const before = await loaded(api, { storage });
      await before.login(ADA);
      before.dispose();
      const after = await loaded(api, { storage });
      assert.equal(after.state.status, "signed-in");
      assert.equal((await after.fetch("/orders")).status, 200);
    }
  });

  for (const fault of ["full", "blocked"]) {
    test(`a store that is ${fault} is told of once, and the session goes on in memory`, async () => {
      const auth = await loaded(apiOf(gatego));
      page.localStorage[fault] = true;
      await auth.login(ADA);
      await auth.renew();
      assert.equal((await auth.fetch("/orders")).status, 200);
      assert.equal(auth.events.filter((it) => it === "store-failed").length, 1);
    });
  }

  for (const harm of ["clear", "corrupt"]) {
    test(`after a ${harm} a page that is loaded anew has nobody signed in, and logs in`, async () => {
      const api = apiOf(gatego);
      const before = await loaded(api);
      await before.login(ADA);
      before.dispose();
      page.localStorage[harm]();
      const after = await loaded(api);
      assert.equal(after.state.status, "signed-out");
      assert.equal(await codeOf(after.login(ADA)), null);
    });
  }

  test("two copies of the package are two tabs: what one does reaches the other", async () => {
    const api = apiOf(gatego);
    const here = await loaded(api);
    const copy = await import(`${import.meta.resolve("relatch")}?tab=2`);
    const there = copy.createClient({ dialect: gatego, baseUrl: BASE_URL, fetch: api.fetch });
    later(there.dispose);
    await there.ready();
    const heard = (status) => new Promise((resolve) => there.subscribe((state) => state.status === status && resolve(state)));
    const signedIn = heard("signed-in");
    await here.login(GRACE);
    assert.equal((await signedIn).status, "signed-in");
    assert.equal((await there.fetch("/orders")).status, 200);
    const signedOut = heard("signed-out");
    await here.logout();
    assert.equal((await signedOut).ended, "signed-out-elsewhere");
  });

  test("coming back to the foreground is told to whoever listens", () => {
    const seen = [];
    globalThis.addEventListener("visibilitychange", () => seen.push(document.visibilityState), { once: false });
    page.hide();
    page.show();
    assert.deepEqual(seen, ["hidden", "visible"]);
  });

  test("there is one page at a time, and none after it", () => {
    assert.throws(() => installPage(), /there is a page already/);
    page.uninstall();
    assert.equal(typeof document, "undefined");
    page = installPage();
  });
});
