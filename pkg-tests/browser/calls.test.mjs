// What `auth.fetch` does with what an app hands it: bodies, signals, streams, redirects, addresses.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { test } from "../support/deadline.mjs";
import { ENGINES } from "../support/engines.mjs";
import { BrowserStage, staged } from "../support/stage.mjs";

const TEXT = "a transfer of 40 €";

for (const engine of ENGINES) {
  describe(engine.name, () => {
    const stage = staged(() => new BrowserStage(engine));

    async function signedIn(realm = "gatego", options = {}) {
      const tab = await stage.tab();
      await tab.lab.open("app", stage.options(realm, { credentials: true, ...options }));
      await tab.lab.login("app", stage.demo.credentials(realm, "ada"));
      return tab;
    }

    const bodies = (realm) => stage.gateway.seen.filter((it) => it.path === `/${realm}/transfers`).map((it) => it.body);

    for (const kind of ["text", "blob", "bytes", "params"]) {
      test(`a refused call with a body of kind ${kind} is sent twice with the same bytes`, async () => {
        const tab = await signedIn();
        await stage.demo.expire("gatego");
        const outcome = await tab.lab.call("app", "/transfers", { method: "POST", body: { kind, text: TEXT } });
        assert.equal(outcome.status, 200, JSON.stringify(outcome));
        const [first, second, ...more] = bodies("gatego");
        assert.equal(more.length, 0);
        assert.equal(first, second);
        if (kind !== "params") assert.equal(second, TEXT);
      });
    }

    test("a refused call with a form is sent twice with the same fields", async () => {
      const tab = await signedIn();
      await stage.demo.expire("gatego");
      const outcome = await tab.lab.call("app", "/transfers", { method: "POST", body: { kind: "form", text: TEXT } });
      assert.equal(outcome.status, 200, JSON.stringify(outcome));
      assert.deepEqual(bodies("gatego").map((body) => body.includes(TEXT)), [true, true]);
    });

    test("a refused Request with a body is sent twice with the same bytes", async () => {
      const tab = await signedIn();
      await stage.demo.expire("gatego");
      const { baseUrl } = stage.options("gatego");
      const given = { asRequest: true, method: "POST", body: { kind: "text", text: TEXT } };
      const outcome = await tab.lab.call("app", `${baseUrl}/transfers`, given);
      assert.equal(outcome.status, 200, JSON.stringify(outcome));
      assert.deepEqual(bodies("gatego"), [TEXT, TEXT]);
    });

    // Not every engine streams uploads, and none does to an HTTP/1.1 server; the platform's fetch fails then, before it sends.
    test("a stream as body is never sent twice", async () => {
      const tab = await signedIn();
      await stage.demo.expire("gatego");
      const outcome = await tab.lab.call("app", "/transfers", { method: "POST", body: { kind: "stream", text: TEXT } });
      assert.match(outcome.code, /^(not-replayable|platform: (TypeError|NotSupportedError))$/, JSON.stringify(outcome));
      assert.ok(bodies("gatego").length <= 1);
      assert.equal((await tab.lab.state("app")).status, "signed-in");
    });

    test("the caller gets the platform's own Response", async () => {
      const tab = await signedIn();
      const outcome = await tab.lab.call("app", "/me");
      assert.equal(outcome.isNative, true);
      assert.equal(JSON.parse(outcome.body).username, "ada");
    });

    test("a response without an end is read as it comes", async () => {
      const tab = await signedIn();
      const piece = await tab.lab.firstPiece("app", "/drip");
      assert.match(piece.text, /^drop/);
    });

    test("a signal ends its own call and no other", async () => {
      const tab = await signedIn();
      await stage.demo.expire("gatego");
      const renewal = stage.gateway.hold("POST", "/gatego/auth/refresh-token");
      await tab.lab.begin("stays", "app", "/me");
      await tab.lab.begin("goes", "app", "/me", { abortAfterMs: 400 });
      await renewal.arrived;
      const aborted = await tab.lab.outcome("goes", 5_000);
      assert.equal(aborted?.code, "platform: AbortError");
      assert.equal(await tab.lab.outcome("stays", 100), null);
      renewal.release();
      assert.equal((await tab.lab.outcome("stays")).status, 200);
      assert.equal(stage.gateway.count("POST", "/gatego/auth/refresh-token"), 1);
    });

    test("a call under way is ended by its signal", async () => {
      const tab = await signedIn();
      const held = stage.gateway.hold("GET", "/gatego/me");
      await tab.lab.begin("goes", "app", "/me", { abortAfterMs: 200 });
      await held.arrived;
      const outcome = await tab.lab.outcome("goes", 5_000);
      held.release();
      assert.equal(outcome?.code, "platform: AbortError");
    });

    test("a call that is redirected is followed as the platform does", async () => {
      const tab = await signedIn();
      const outcome = await tab.lab.call("app", "/moved");
      assert.equal(outcome.status, 200, JSON.stringify(outcome));
    });

    const refusal = { error_code: "token-expired", extra_attributes: {}, trace_id: "0", message: "JWT token expired" };
    const EXPIRED = { status: 401, body: JSON.stringify(refusal) };

    test("a call that is refused again with the new token is its caller's: it is not sent a third time", async () => {
      const tab = await signedIn();
      stage.gateway.instead("GET", "/gatego/me", (answer) => ({ ...answer, ...EXPIRED }));
      const outcome = await tab.lab.call("app", "/me");
      assert.deepEqual([outcome.status, outcome.body], [401, EXPIRED.body]);
      assert.equal(stage.gateway.count("GET", "/gatego/me"), 2);
      assert.equal(stage.gateway.count("POST", "/gatego/auth/refresh-token"), 1);
      assert.equal((await tab.lab.state("app")).status, "signed-in");
    });

    test("a status of refusal with a body that the dialect does not know is the caller's answer", async () => {
      const tab = await signedIn();
      stage.gateway.instead("GET", "/gatego/me", (answer) => ({ ...answer, status: 401, body: '{"error_code":"step-up"}' }));
      const outcome = await tab.lab.call("app", "/me");
      assert.deepEqual([outcome.status, outcome.body], [401, '{"error_code":"step-up"}']);
      assert.equal(stage.gateway.count("POST", "/gatego/auth/refresh-token"), 0);
    });

    for (const [what, other] of Object.entries({
      "a page in place of an answer": { status: 200, body: "<!doctype html><title>Sign in to the hotel's Wi-Fi</title>" },
      "a bad gateway": { status: 502, body: "" },
      "a token that no header can carry": { status: 200, body: '{"access_token":"a\\r\\nb","jwt_token":"a\\r\\nb","refresh_token":"c"}' },
    })) {
      test(`a renewal that gets ${what} keeps the session`, async () => {
        const tab = await signedIn();
        stage.gateway.instead("POST", "/gatego/auth/refresh-token", (answer) => ({ ...answer, ...other }));
        const outcome = await tab.lab.renew("app");
        assert.ok(["unexpected-answer", "server-error"].includes(outcome.code), JSON.stringify(outcome));
        assert.equal((await tab.lab.state("app")).status, "signed-in");
        assert.equal((await tab.lab.call("app", "/me")).status, 200);
      });
    }

    test("a call keeps the headers that its caller set", async () => {
      const tab = await signedIn();
      await tab.lab.call("app", "/me", { headers: { "accept-language": "es-PE" } });
      const { headers, bearer } = stage.gateway.seen.findLast((it) => it.path === "/gatego/me");
      assert.equal(headers["accept-language"], "es-PE");
      assert.match(bearer, /^Bearer eyJ/);
    });

    test("the context goes along with calls, and with nothing else", async () => {
      const tab = await signedIn();
      await tab.lab.setContext("app", "organization", "42");
      const outcome = await tab.lab.call("app", "/me");
      assert.equal(JSON.parse(outcome.body).organization_id, "42", outcome.body);
      await tab.lab.renew("app");
      const renewal = stage.gateway.seen.findLast((it) => it.path === "/gatego/auth/refresh-token");
      assert.equal(renewal.headers.organization_id, undefined);
    });

    test("a call that no answer comes to rejects as the platform does, and the session stays", async () => {
      const tab = await signedIn();
      await stage.demo.answers("gatego", "drop");
      const outcome = await tab.lab.call("app", "/me");
      assert.equal(outcome.code, "platform: TypeError", JSON.stringify(outcome));
      assert.equal((await tab.lab.state("app")).status, "signed-in");
    });
  });
}
