// Storage that fails: it costs what is kept over a reload, and never the session that is there.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { eventually, test } from "../support/deadline.mjs";
import { ENGINES } from "../support/engines.mjs";
import { LACKS } from "../support/lacks.mjs";
import { BrowserStage, staged } from "../support/stage.mjs";

const CORRUPT = { "broken text": "{\u0000", "half a record": '{"relatch":1,"login":7,"gen', "another form": "[]", "no text at all": { relatch: 1 } };

/** Run in the page: writing fails from then on. */
const FULL = {
  "a put that throws": () => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException("It is full.", "QuotaExceededError");
    };
  },
  "a transaction that is given up": () => {
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = function (...given) {
      const request = put.apply(this, given);
      this.transaction.abort();
      return request;
    };
  },
};

for (const engine of ENGINES) {
  describe(engine.name, () => {
    const stage = staged(() => new BrowserStage(engine));
    const status = async (tab) => (await tab.lab.state("app")).status;
    const failures = async (tab) => (await tab.lab.events("app")).filter((it) => it === "store-failed").length;

    async function signedIn(lack) {
      const tab = await stage.opened("gatego", {}, undefined, lack);
      assert.equal((await stage.login(tab, "gatego", "ada")).code, null);
      return tab;
    }

    async function reloaded(tab) {
      await tab.reload();
      await tab.lab.open("app", stage.options("gatego"));
      return status(tab);
    }

    async function assertGoesOn(...tabs) {
      await stage.demo.expire("gatego");
      const outcomes = await Promise.all(tabs.map((tab) => tab.lab.calls("app", "/me", 5)));
      assert.deepEqual(outcomes.flat().map((it) => it.status), Array(5 * tabs.length).fill(200), JSON.stringify(outcomes));
      for (const tab of tabs) assert.equal((await tab.lab.state("app")).ended, null);
    }

    for (const [what, record] of Object.entries(CORRUPT)) {
      test(`a record of ${what} is a session that is not there, and a login replaces it`, async () => {
        const tab = await signedIn();
        await tab.storage.spoil(record);
        assert.equal(await reloaded(tab), "signed-out");
        assert.equal((await stage.login(tab, "gatego", "ada")).code, null);
        assert.equal(await reloaded(tab), "signed-in");
        assert.equal(await failures(tab), 0);
      });
    }

    test("a record that is spoilt in mid-session costs nobody's session, and the next renewal writes a whole one", async () => {
      const tab = await signedIn();
      const other = await stage.opened("gatego", {}, tab.context);
      await tab.storage.spoil("{\u0000");
      await assertGoesOn(tab, other);
      assert.equal(await reloaded(tab), "signed-in");
    });

    test("a record of an older version, which has fewer members, is read", async () => {
      const tab = await signedIn();
      await tab.storage.amend({ context: undefined, pause: undefined, activeAt: undefined, kept: undefined, attempt: undefined });
      assert.equal(await reloaded(tab), "signed-in");
      await assertGoesOn(tab);
    });

    for (const [when, before] of [["before the page is loaded", true], ["in mid-session", false]]) {
      test(`a record of a newer version, there ${when}, is never written over: the session goes on in memory and says so once`, async () => {
        const tab = await signedIn();
        await tab.storage.amend({ relatch: 2, newer: "member" });
        const kept = await tab.storage.records();
        if (before) {
          assert.equal(await reloaded(tab), "signed-out");
          assert.equal((await stage.login(tab, "gatego", "ada")).code, null);
        }
        await assertGoesOn(tab);
        assert.equal((await tab.lab.renew("app")).code, null);
        assert.equal(await failures(tab), 1);
        await tab.lab.logout("app");
        assert.equal(await status(tab), "signed-out");
        // Not by `deepEqual`, which would show what is in it.
        assert.ok(JSON.stringify(await tab.storage.records()) === JSON.stringify(kept));
      });
    }

    for (const [how, full] of Object.entries(FULL)) {
      test(`a database that is full, by ${how}, is told of once, and the session goes on in memory`, async () => {
        const tab = await stage.opened("gatego");
        await tab.evaluate(full);
        assert.equal((await stage.login(tab, "gatego", "ada")).code, null);
        await assertGoesOn(tab);
        assert.equal((await tab.lab.renew("app")).code, null);
        assert.equal(await failures(tab), 1);
        await tab.lab.logout("app");
        assert.equal((await tab.lab.call("app", "/me")).code, "login-required");
      });
    }

    test("a database that fills up in mid-session signs nobody out, in no tab", async () => {
      const tab = await signedIn();
      const other = await stage.opened("gatego", {}, tab.context);
      await tab.evaluate(FULL["a transaction that is given up"]);
      await assertGoesOn(tab, other);
      await assertGoesOn(tab, other);
    });

    test("web storage that is full is told of once, and the session goes on in memory", async () => {
      const tab = await stage.opened("gatego", {}, undefined, LACKS.IndexedDB);
      await tab.evaluate(() => {
        Storage.prototype.setItem = () => {
          throw new DOMException("It is full.", "QuotaExceededError");
        };
      });
      assert.equal((await stage.login(tab, "gatego", "ada")).code, null);
      await assertGoesOn(tab);
      assert.equal(await failures(tab), 1);
    });

    for (const [where, lack] of [["a database", undefined], ["web storage", LACKS.IndexedDB]]) {
      test(`${where} that the user clears in mid-session costs no tab its session, and the next renewal keeps it again`, async () => {
        const tab = await signedIn(lack);
        const other = await stage.opened("gatego", {}, tab.context, lack);
        // By a third page, which knows nothing of the package.
        await (await stage.tab(tab.context)).storage.clear();
        await assertGoesOn(tab, other);
        assert.equal(await reloaded(tab), "signed-in");
        await tab.lab.logout("app");
        await eventually("the log-out is followed", async () => (await status(other)) === "signed-out");
        assert.equal(await reloaded(tab), "signed-out");
      });
    }

    test("a log-out after the storage was cleared reaches the other tab, and nothing brings the session back", async () => {
      const tab = await signedIn();
      const other = await stage.opened("gatego", {}, tab.context);
      await other.storage.clear();
      await tab.lab.logout("app");
      await eventually("the log-out is followed", async () => (await status(other)) === "signed-out");
      for (const it of [tab, other]) assert.equal(await reloaded(it), "signed-out");
    });
  });
}
