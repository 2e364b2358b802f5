// What `createClient` may be told: storages, deadlines, named sessions; and the dialects' named operations.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { test } from "../support/deadline.mjs";
import { ENGINES } from "../support/engines.mjs";
import { BrowserStage, staged } from "../support/stage.mjs";

for (const engine of ENGINES) {
  describe(engine.name, () => {
    const stage = staged(() => new BrowserStage(engine));

    async function signedIn(options) {
      const tab = await stage.tab();
      await tab.lab.open("app", stage.options("gatego", options));
      assert.equal((await tab.lab.login("app", stage.demo.credentials("gatego", "ada"))).code, null);
      return tab;
    }

    for (const [storage, survives] of [["local", true], ["session", true], ["memory", false]]) {
      test(`storage ${storage}: a reload ${survives ? "keeps" : "forgets"} the session`, async () => {
        const tab = await signedIn({ storage });
        await tab.reload();
        await tab.lab.open("app", stage.options("gatego", { storage }));
        assert.equal((await tab.lab.state("app")).status, survives ? "signed-in" : "signed-out");
      });
    }

    test("storage memory: nothing is in any storage", async () => {
      const tab = await signedIn({ storage: "memory" });
      assert.equal(await tab.stored(), "[[],[],{}]");
    });

    test("storage session: another tab has a session of its own", async () => {
      const tab = await signedIn({ storage: "session" });
      const other = await stage.tab(tab.context);
      await other.lab.open("app", stage.options("gatego", { storage: "session" }));
      assert.equal((await other.lab.state("app")).status, "signed-out");
    });

    test("an adapter: a client made anew over it has the session", async () => {
      const tab = await signedIn({ storage: "adapter" });
      await tab.lab.dispose("app");
      await tab.lab.open("app", stage.options("gatego", { storage: "adapter" }));
      assert.equal((await tab.lab.call("app", "/me")).status, 200);
    });

    test("two names on one origin are two sessions", async () => {
      const tab = await signedIn({ name: "customer" });
      await tab.lab.open("other", stage.options("gatego", { name: "support" }));
      assert.equal((await tab.lab.state("other")).status, "signed-out");
    });

    test("two clients of one home and name share the session", async () => {
      const tab = await signedIn();
      await tab.lab.open("other", stage.options("gatego"));
      assert.equal((await tab.lab.state("other")).status, "signed-in");
      await tab.lab.dispose("other");
      assert.equal((await tab.lab.call("app", "/me")).status, 200);
    });

    test("a server that never answers is a timeout, and the session stays", async () => {
      const tab = await signedIn();
      await tab.lab.dispose("app");
      await stage.demo.answers("gatego", "stop");
      await tab.lab.open("app", stage.options("gatego", { timeouts: { requestMs: 500 } }));
      assert.equal((await tab.lab.renew("app")).code, "timeout");
      assert.equal((await tab.lab.login("app", stage.demo.credentials("gatego", "grace"))).code, "timeout");
      assert.equal((await tab.lab.state("app")).status, "signed-in");
    });

    test("a login's signal ends it", async () => {
      const tab = await stage.tab();
      await tab.lab.open("app", stage.options("gatego"));
      const held = stage.gateway.hold("POST", "/gatego/auth/login");
      const ended = tab.evaluate(
        ([id, credentials]) => globalThis.lab.login(id, credentials, { signal: AbortSignal.timeout(200) }),
        ["app", stage.demo.credentials("gatego", "ada")],
      );
      await held.arrived;
      assert.equal((await ended).code, "aborted");
      held.release();
      assert.equal((await tab.lab.state("app")).status, "signed-out");
    });

    test("gatego: a new account asks for its letter again and is validated by the code in it", async () => {
      const tab = await stage.tab();
      await tab.lab.open("app", stage.options("gatego"));
      const nova = stage.demo.credentials("gatego", "nova");
      const refused = await tab.lab.login("app", nova);
      assert.equal(refused.code, "account-not-validated");
      const { resend_code } = refused.details;
      assert.equal((await tab.lab.perform("app", "resend-validation", { resend_code })).code, null);
      const letters = await stage.demo.outbox("gatego");
      const { code } = letters.at(-1);
      assert.equal((await tab.lab.perform("app", "validate", { code, password: nova.password })).code, null);
      assert.equal((await tab.lab.login("app", nova)).code, null);
    });

    test("a named operation of the signed-in user carries the token", async () => {
      const tab = await signedIn();
      const { result } = await tab.lab.perform("app", "profile", {});
      assert.equal(result.user.username, "ada");
    });

    test("an operation that the dialect does not have is an invalid argument", async () => {
      const tab = await signedIn();
      assert.equal((await tab.lab.perform("app", "fly", {})).code, "invalid-argument");
    });
  });
}
