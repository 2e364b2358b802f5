// Where a session is kept in a browser: what a reload, another page, a copied tab and an older version of the package find.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { test } from "../support/deadline.mjs";
import { ENGINES } from "../support/engines.mjs";
import { BrowserStage, staged } from "../support/stage.mjs";

const RENEWAL = ["POST", "/gatego/auth/refresh-token"];

for (const engine of ENGINES) {
  describe(engine.name, () => {
    const stage = staged(() => new BrowserStage(engine));

    const status = async (tab) => (await tab.lab.state("app")).status;
    const kept = (tab) => tab.evaluate(() => Object.entries(sessionStorage));
    const ofTab = () => stage.options("gatego", { storage: "session" });

    async function signedIn(options) {
      const tab = await stage.opened("gatego", options);
      assert.equal((await stage.login(tab, "gatego", "ada")).code, null);
      return tab;
    }

    /** Another tab with what the browser has copied into it. */
    async function copyOf(tab) {
      const copied = await kept(tab);
      const copy = await stage.tab(tab.context);
      await copy.evaluate((entries) => entries.forEach(([key, text]) => sessionStorage.setItem(key, text)), copied);
      await copy.lab.open("app", ofTab());
      return copy;
    }

    test("a session of one tab outlives reloads and pages, and no other tab has it", async () => {
      const tab = await signedIn({ storage: "session" });
      for (const move of ["reload", "open", "reload"]) {
        await tab[move]();
        await tab.lab.open("app", ofTab());
        assert.equal(await status(tab), "signed-in", move);
      }
      const other = await stage.opened("gatego", { storage: "session" }, tab.context);
      assert.equal(await status(other), "signed-out");
    });

    test("a tab that is duplicated is signed out and becomes a session of its own; the first one renews as if nothing had been", async () => {
      const tab = await signedIn({ storage: "session" });
      const copy = await copyOf(tab);
      assert.equal(await status(copy), "signed-out");
      await stage.login(copy, "gatego", "grace");
      await stage.demo.expire("gatego");
      for (const [it, username] of [[tab, "ada"], [copy, "grace"]]) {
        assert.equal(JSON.parse((await it.lab.call("app", "/me")).body).username, username);
      }
      assert.equal(stage.gateway.count(...RENEWAL), 2);
      await copy.reload();
      await copy.lab.open("app", ofTab());
      assert.equal(await status(copy), "signed-in");
    });

    test("a copy whose original is gone goes on with its session", async () => {
      const tab = await signedIn({ storage: "session" });
      const copied = await kept(tab);
      const { context } = tab;
      const other = await stage.tab(context);
      await tab.close();
      await other.evaluate((entries) => entries.forEach(([key, text]) => sessionStorage.setItem(key, text)), copied);
      await other.lab.open("app", ofTab());
      assert.equal(await status(other), "signed-in");
    });

    test("what an older version kept in localStorage moves, and a log-out leaves nothing of it there", async () => {
      const tab = await signedIn({ storage: "session" });
      const [[key, text]] = (await kept(tab)).filter(([, text]) => text.startsWith("{"));
      const other = await stage.tab();
      await other.evaluate(([key, text]) => localStorage.setItem(key, text), [key, text]);
      await other.lab.open("app", stage.options("gatego"));
      assert.equal(await status(other), "signed-in");
      assert.equal((await other.lab.call("app", "/me")).status, 200);
      assert.equal(await other.evaluate((key) => localStorage.getItem(key), key), null);
      await other.lab.logout("app");
      await other.reload();
      await other.lab.open("app", stage.options("gatego"));
      assert.equal(await status(other), "signed-out");
    });
  });
}
