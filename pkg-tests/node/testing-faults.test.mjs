// The faults of a fake API do to the packed client what their names say, and its other controls too.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import { gatego } from "relatch/dialects";
import { ADA, apiOf, clientAt, codeOf, later, movableClock, signedIn, told } from "../support/fake.mjs";

/** Longer than the client waits after a first failure. */
const BACKOFF_MS = 60_000;
const RENEWED = ["login session 200", "renew session 200"];
const failureOf = (promise) => promise.then(() => null, ({ code, status, retryable, retryAfterMs }) => ({ code, status, retryable, retryAfterMs }));

describe("a fault", () => {
  for (const [kind, code, more] of [
    ["refuse-connection", "network", {}],
    ["drop-answer", "network", {}],
    ["cut", "network", {}],
    ["html", "unexpected-answer", {}],
    ["status", "server-error", { status: 502 }],
    ["status", "rate-limited", { status: 429 }],
  ]) {
    test(`${kind} ${more.status ?? ""} befalls the next login, once, and nobody is signed in by it`, async () => {
      const api = apiOf(gatego);
      const auth = clientAt(api, gatego);
      api.fault({ kind, operation: "login", ...more });
      assert.equal(await codeOf(auth.login(ADA)), code);
      assert.equal(auth.state.status, "signed-out");
      assert.equal(await codeOf(auth.login(ADA)), null);
      assert.deepEqual(api.requests.map(({ fault }) => fault), [kind, null]);
    });
  }

  for (const [form, retryAfter, expected] of [
    ["seconds", () => 30, 30_000],
    ["a date", () => new Date(Date.now() + 30_000), 30_000],
  ]) {
    test(`a 429 tells when to come again, in the form of ${form}`, async () => {
      movableClock({ now: "2026-03-01T12:00:00Z" });
      const api = apiOf(gatego);
      api.fault({ kind: "status", status: 429, retryAfter: retryAfter() });
      const { code, retryAfterMs, retryable } = await failureOf(clientAt(api, gatego).login(ADA));
      assert.deepEqual([code, retryAfterMs, retryable], ["rate-limited", expected, true]);
    });
  }

  test("delay lets the answer come late: in time, or after the client's own deadline", async () => {
    const clock = movableClock();
    const api = apiOf(gatego);
    const auth = clientAt(api, gatego, { timeouts: { requestMs: 10_000 } });
    for (const [ms, code] of [[9_000, null], [11_000, "timeout"]]) {
      api.fault({ kind: "delay", ms });
      const outcome = codeOf(auth.login(ADA));
      await auth.ready();
      await clock.advance(12_000);
      assert.equal(await outcome, code);
    }
  });

  test("a call that is never answered ends with its caller's signal", async () => {
    const { api, auth } = await signedIn(gatego);
    api.fault({ kind: "delay", ms: Infinity, operation: "GET /orders" });
    const controller = new AbortController();
    const outcome = codeOf(auth.fetch("/orders", { signal: controller.signal }));
    controller.abort(Object.assign(new Error("enough"), { code: "enough" }));
    assert.equal(await outcome, "enough");
  });

  test("befalls what it names, as often as it says, until it is lifted", async () => {
    const { api, auth } = await signedIn(gatego);
    const lift = api.fault({ kind: "status", status: 503, operation: "GET /orders", times: Infinity });
    const statuses = async () => [(await auth.fetch("/orders")).status, (await auth.fetch("/me")).status];
    assert.deepEqual([...(await statuses()), ...(await statuses())], [503, 200, 503, 200]);
    lift();
    assert.deepEqual(await statuses(), [200, 200]);
  });

  test("cut gives a call half of its body", async () => {
    const { api, auth } = await signedIn(gatego);
    api.fault({ kind: "cut" });
    const response = await auth.fetch("/orders");
    assert.equal(response.status, 200);
    await assert.rejects(response.text(), TypeError);
  });

  test("offline, calls fail and the session stays; back on line, they go through", async () => {
    const { api, auth } = await signedIn(gatego);
    api.offline = true;
    await assert.rejects(auth.fetch("/orders"), TypeError);
    assert.equal(await codeOf(auth.renew()), "network");
    assert.equal(auth.state.status, "signed-in");
    api.offline = false;
    assert.equal((await auth.fetch("/orders")).status, 200);
    assert.deepEqual(told(api).slice(1), ["GET /orders offline", "renew offline", "GET /orders 200"]);
  });
});

describe("a renewal whose answer is lost", () => {
  test("is answered again by an API that forgives", async () => {
    const clock = movableClock();
    const { api, auth } = await signedIn(gatego);
    api.fault({ kind: "drop-answer", operation: "renew" });
    assert.equal(await codeOf(auth.renew()), "network");
    await clock.advance(BACKOFF_MS);
    assert.equal(await codeOf(auth.renew()), null);
    assert.equal(auth.state.status, "signed-in");
  });

  test("signs out, if that is the API's rule", async () => {
    const clock = movableClock();
    const { api, auth } = await signedIn(gatego, { reuse: "revoke" });
    api.fault({ kind: "drop-answer", operation: "renew" });
    assert.equal(await codeOf(auth.renew()), "network");
    await clock.advance(BACKOFF_MS);
    await codeOf(auth.renew());
    assert.equal(auth.state.status, "signed-out");
  });

  test("is answered again later only under its own key", async () => {
    const clock = movableClock();
    const { api } = await signedIn(gatego);
    const tokenOf = async (headers, refresh_token) => {
      const body = JSON.stringify({ refresh_token });
      const answer = await api.fetch("https://api.example.com/v1/auth/refresh-token", { method: "POST", headers, body });
      return (await answer.json()).refresh_token;
    };
    const [first, key] = [(await loginOf(api)).refresh_token, { "Idempotency-Key": "0123456789abcdef0123456789abcdef" }];
    const second = await tokenOf(key, first);
    await clock.sleep(60_000);
    assert.equal(await tokenOf(key, first), second);
    assert.equal(await tokenOf({}, first), undefined);
    assert.equal(await tokenOf({}, second), undefined, "the session has ended");
  });
});

async function loginOf(api) {
  const body = JSON.stringify({ username: ADA.identifier, password: ADA.password });
  return (await api.fetch("https://api.example.com/v1/auth/login", { method: "POST", body })).json();
}

describe("a control", () => {
  test("endSessions: the next call finds that nobody is signed in", async () => {
    const { api, auth } = await signedIn(gatego);
    api.endSessions("grace");
    assert.equal((await auth.fetch("/orders")).status, 200);
    api.endSessions("ada");
    await codeOf(auth.fetch("/orders"));
    assert.equal(auth.state.status, "signed-out");
  });

  test("disable: the next call says so, and the session ends for that reason", async () => {
    const { api, auth } = await signedIn(gatego);
    api.disable("ada");
    assert.equal((await auth.fetch("/orders")).status, 401);
    assert.equal(auth.state.ended, "account-disabled");
  });

  for (const hours of [-24, -1, 1, 24]) {
    test(`skewMs: an API whose clock is ${hours} hours off is met without a loop`, async () => {
      const { api, auth } = await signedIn(gatego, { skewMs: hours * 3_600_000 });
      for (let calls = 0; calls < 5; calls++) assert.equal((await auth.fetch("/orders")).status, 200);
      assert.equal(api.count("renew"), 0);
    });
  }

  test("a name that nobody has is the test's mistake", () => {
    assert.throws(() => apiOf(gatego).disable("nobody"), /no user is called "nobody"/);
  });

  test("reset: everything is as at first", async () => {
    const { api, auth } = await signedIn(gatego);
    api.disable("ada");
    api.offline = true;
    api.fault({ kind: "html" });
    api.reset();
    assert.equal(api.count(), 0);
    await codeOf(auth.fetch("/orders"));
    assert.equal(await codeOf(auth.login(ADA)), null);
  });
});

test("a request tells its token and what was read of it, and is printed without", async () => {
  const { api, auth } = await signedIn(gatego);
  await auth.renew();
  await auth.fetch("/orders");
  const [login, renewal, call] = api.requests;
  assert.equal(login.values.password, ADA.password);
  assert.equal(call.accessToken, await auth.token());
  const printed = inspect(api.requests, { depth: 9 }) + JSON.stringify(api.requests);
  for (const secret of [ADA.password, call.accessToken, renewal.values.refresh_token]) assert.ok(!printed.includes(secret));
  assert.deepEqual(told(api).slice(0, 2), RENEWED);
});

test("an app's own calls are refused in the API's words, and unknown paths are not found", async () => {
  const calls = (request, { name, say }) => {
    if (request.url.endsWith("/admin")) return name === "grace" ? new Response("welcome", { status: 202 }) : say("forbidden");
    return undefined;
  };
  const { api, auth } = await signedIn(gatego, { calls });
  assert.equal((await auth.fetch("/admin")).status, 403);
  assert.equal((await auth.fetch("/nowhere")).status, 404);
  assert.deepEqual(told(api).slice(1), ["GET /admin forbidden 403", "GET /nowhere invalid-request 404"]);
});

test("behind Node's http it is an API for whatever speaks HTTP, and fails as one does", async () => {
  const api = apiOf(gatego);
  const server = createServer(api.handler).listen(0, "127.0.0.1");
  later(() => (server.closeAllConnections(), server.close()));
  await once(server, "listening");
  const baseUrl = `http://127.0.0.1:${server.address().port}/v1`;
  const auth = clientAt({ fetch }, gatego, { baseUrl });
  await auth.login(ADA);
  assert.equal((await (await auth.fetch("/orders")).json()).name, "ada");
  api.fault({ kind: "refuse-connection" });
  await assert.rejects(auth.fetch("/orders"), TypeError);
  api.fault({ kind: "cut" });
  await assert.rejects((await auth.fetch("/orders")).text());
  const preflight = await fetch(`${baseUrl}/orders`, { method: "OPTIONS", headers: { "access-control-request-method": "PUT", "access-control-request-headers": "authorization" } });
  assert.deepEqual([preflight.status, preflight.headers.get("access-control-allow-headers")], [204, "authorization"]);
});
