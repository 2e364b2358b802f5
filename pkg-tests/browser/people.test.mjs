// One person after another.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { eventually, test } from "../support/deadline.mjs";
import { ENGINES } from "../support/engines.mjs";
import { BrowserStage, staged } from "../support/stage.mjs";

for (const engine of ENGINES) {
  describe(engine.name, () => {
    const stage = staged(() => new BrowserStage(engine));
    const TRANSFER = { method: "POST", body: { kind: "text", text: "40 from Ada" } };

    test("Ada's refused POST that waits for a login is rejected when Grace logs in, and is never sent as Grace", async () => {
      const tab = await stage.opened("stockapi", { asks: ["later"] });
      await stage.login(tab, "stockapi", "ada");
      await stage.demo.expire("stockapi");
      await tab.lab.begin("transfer", "app", "/transfers", TRANSFER);
      await eventually("the person is asked", async () => (await tab.lab.asked("app")).length === 1);
      await stage.login(tab, "stockapi", "grace");
      assert.equal((await tab.lab.outcome("transfer")).code, "session-changed");
      assert.equal(stage.gateway.count("POST", "/stockapi/transfers"), 1);
      assert.equal(JSON.parse((await tab.lab.call("app", "/me")).body).username, "grace");
    });

    test("Ada's POST whose refusal comes after Grace has logged in is rejected", async () => {
      const tab = await stage.opened("gatego");
      await stage.login(tab, "gatego", "ada");
      await stage.demo.expire("gatego");
      const refusal = stage.gateway.hold("POST", "/gatego/transfers");
      await tab.lab.begin("transfer", "app", "/transfers", TRANSFER);
      await refusal.arrived;
      await stage.login(tab, "gatego", "grace");
      refusal.release();
      assert.equal((await tab.lab.outcome("transfer")).code, "session-changed");
      assert.equal(stage.gateway.count("POST", "/gatego/transfers"), 1);
    });

    test("Ada's POST that waits for a renewal is rejected when Grace logs in meanwhile", async () => {
      const tab = await stage.opened("gatego");
      await stage.login(tab, "gatego", "ada");
      await stage.demo.expire("gatego");
      const renewal = stage.gateway.hold("POST", "/gatego/auth/refresh-token");
      await tab.lab.begin("transfer", "app", "/transfers", TRANSFER);
      await renewal.arrived;
      await stage.login(tab, "gatego", "grace");
      renewal.release();
      assert.equal((await tab.lab.outcome("transfer")).code, "session-changed");
      assert.equal(stage.gateway.count("POST", "/gatego/transfers"), 1);
      assert.equal(JSON.parse((await tab.lab.call("app", "/me")).body).username, "grace");
    });

    test("a log-out wins over a renewal under way", async () => {
      const tab = await stage.opened("gatego");
      await stage.login(tab, "gatego", "ada");
      await stage.demo.expire("gatego");
      const renewal = stage.gateway.hold("POST", "/gatego/auth/refresh-token");
      await tab.lab.begin("call", "app", "/me");
      await renewal.arrived;
      await tab.lab.logout("app");
      renewal.release();
      assert.notEqual((await tab.lab.outcome("call")).code, null);
      assert.equal((await tab.lab.state("app")).status, "signed-out");
      const stored = await tab.stored();
      for (const token of stage.gateway.tokens) assert.ok(!stored.includes(token), "a token stayed in a storage");
    });
  });
}
