// Tokens and passwords stay at home: what reaches which address.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { test } from "../support/deadline.mjs";
import { ENGINES } from "../support/engines.mjs";
import { BrowserStage, staged } from "../support/stage.mjs";

for (const engine of ENGINES) {
  describe(engine.name, () => {
    const stage = staged(() => new BrowserStage(engine));

    async function signedIn(realm, options) {
      const tab = await stage.tab();
      await tab.lab.open("app", stage.options(realm, options));
      await tab.lab.login("app", stage.demo.credentials(realm, "ada"));
      stage.gateway.forget();
      return tab;
    }

    // Each of these leads out of /gatego; most look as if they did not.
    for (const address of [
      "/../integra/me",
      "/%2e%2e/integra/me",
      "/x/../../integra/me",
      "..\\integra\\me",
      "{api}/integra/me",
      "{api}/gategoat/me",
      "{api}/gatego/../integra/me",
      "//{host}/integra/me",
      "{page}/gatego/me",
      "http://gatego@{host}/integra/me",
      "https://{host}/gatego/me",
    ]) {
      test(`nothing is sent to ${address}`, async () => {
        const tab = await signedIn("gatego");
        const { api, page } = stage.gateway;
        const url = address.replace("{api}", api).replace("{page}", page).replace("{host}", new URL(api).host);
        const outcome = await tab.lab.call("app", url);
        assert.equal(outcome.code, "foreign-url", JSON.stringify(outcome));
        assert.deepEqual(stage.gateway.seen, []);
      });
    }

    test("a full address below the base is home", async () => {
      const tab = await signedIn("gatego");
      const outcome = await tab.lab.call("app", `${stage.options("gatego").baseUrl}/me`);
      assert.equal(outcome.status, 200);
    });

    test("an address that the app allows by name gets the token", async () => {
      const neighbour = `${stage.gateway.api}/integra`;
      const tab = await signedIn("gatego", { allowed: [neighbour] });
      const outcome = await tab.lab.call("app", `${neighbour}/me`);
      // It does not take our token, but it got it.
      assert.equal(outcome.code, null, JSON.stringify(outcome));
      const [seen] = stage.gateway.seen.filter((it) => it.path === "/integra/me");
      assert.match(seen.bearer, /^Bearer eyJ/);
    });

    test("a login never follows a redirect with the password", async () => {
      const tab = await stage.tab();
      const location = `${stage.gateway.api}/integra/auth/login`;
      stage.gateway.instead("POST", "/stockapi/login", ({ headers }) => ({ status: 307, headers: { ...headers, location }, body: "" }));
      await tab.lab.open("app", stage.options("stockapi"));
      const outcome = await tab.lab.login("app", stage.demo.credentials("stockapi", "ada"));
      assert.notEqual(outcome.code, null);
      assert.deepEqual(stage.gateway.seen.map((it) => it.path), ["/stockapi/login"]);
    });

    test("a token is in no address, and a password in nothing but a login", async () => {
      const tab = await signedIn("gatego", { credentials: true });
      await tab.lab.call("app", "/me");
      await stage.demo.expire("gatego");
      await tab.lab.call("app", "/me");
      await tab.lab.logout("app");
      for (const { path, headers, body } of stage.gateway.seen) {
        for (const token of stage.gateway.tokens) assert.ok(!path.includes(token) && !(headers.referer ?? "").includes(token));
        assert.ok(!body.includes(stage.demo.config.password), `the password went to ${path}`);
      }
    });

    test("the password is in no storage, whether it is kept or not", async () => {
      const tab = await signedIn("stockapi", { credentials: true });
      assert.ok(!(await tab.stored()).includes(stage.demo.config.password));
    });
  });
}
