// The fake API of `relatch/testing`, in front of the packed client: each dialect's own story, by the clock.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { decodeUnverified, defineDialect } from "relatch";
import * as dialects from "relatch/dialects";
import { auth0, openwowi, saleor, supabase } from "relatch/gallery";
import { ADA, GRACE, apiOf, clientAt, codeOf, movableClock, signedIn, told } from "../support/fake.mjs";

/** What each API tells of a failed login. */
const FAILURES = {
  apitickets: { wrong: "bad-credentials", unknown: "bad-credentials", disabled: "bad-credentials" },
  gatego: { wrong: "bad-credentials", unknown: "bad-credentials", disabled: "account-disabled" },
  integra: { wrong: "bad-credentials", unknown: "bad-credentials", disabled: "bad-credentials" },
  investgo: { wrong: "wrong-password", unknown: "unknown-user", disabled: "account-disabled" },
  stockapi: { wrong: "wrong-password", unknown: "unknown-user", disabled: "unknown-user" },
};
const KEPT = { client: { renewal: { credentials: true } } };

for (const [name, dialect] of Object.entries(dialects)) {
  describe(name, () => {
    const renewal = dialect.renew === "login" ? "login" : "renew";

    test("a login gives a session whose claims can be read, and calls go through as the user", async () => {
      const { api, auth } = await signedIn(dialect);
      const { header, claims } = await decodeUnverified(await auth.token());
      assert.match(header.alg, /^HS/);
      assert.equal(typeof claims.jti, "string");
      assert.deepEqual(auth.state.claims, claims);
      assert.deepEqual(await (await auth.fetch("/orders")).json(), { name: "ada", context: {} });
      assert.deepEqual(told(api), ["login session 200", "GET /orders 200"]);
      assert.deepEqual(api.requests.map(({ user }) => user), ["ada", "ada"]);
    });

    test("a failed login rejects with what this API tells", async () => {
      const api = apiOf(dialect);
      const auth = clientAt(api, dialect);
      api.disable("grace");
      const { wrong, unknown, disabled } = FAILURES[name];
      assert.equal(await codeOf(auth.login({ ...ADA, password: "wrong" })), wrong);
      assert.equal(await codeOf(auth.login({ ...ADA, identifier: "nobody" })), unknown);
      assert.equal(await codeOf(auth.login(GRACE)), disabled);
      api.enable("grace");
      assert.equal(await codeOf(auth.login(GRACE)), null);
    });

    test("when the token's time is over by the clock, it is renewed unseen, once for many calls", async () => {
      const clock = movableClock();
      const { api, auth } = await signedIn(dialect, KEPT);
      const before = api.count(renewal);
      await clock.sleep(auth.state.expiresAt - Date.now() + 1);
      const answers = await Promise.all(Array.from({ length: 20 }, () => auth.fetch("/orders")));
      assert.deepEqual(answers.map(({ status }) => status), Array(20).fill(200));
      assert.equal(api.count(renewal), before + 1);
    });

    test("when the API calls the token expired before its time, it is renewed and the call sent again", async () => {
      const { api, auth } = await signedIn(dialect, KEPT);
      api.expire();
      assert.equal((await auth.fetch("/orders")).status, 200);
      assert.equal(api.count("GET /orders"), 2);
      assert.equal(api.count(renewal), renewal === "login" ? 2 : 1);
    });

    test("the timer ahead of the token's end renews while time passes", async () => {
      const clock = movableClock();
      const { api, auth } = await signedIn(dialect, KEPT);
      const first = auth.state.expiresAt;
      await clock.advance(first - Date.now());
      assert.ok(auth.state.expiresAt > first);
      assert.equal(auth.state.status, "signed-in");
      assert.equal(api.count(renewal), renewal === "login" ? 2 : 1);
    });

    test("log-out ends the token at the API too", async () => {
      const { api, auth } = await signedIn(dialect);
      const headers = { authorization: `Bearer ${await auth.token()}` };
      const ask = async () => (await api.fetch("https://api.example.com/v1/orders", { headers })).status;
      assert.equal(await ask(), 200);
      await auth.logout();
      assert.ok([401, 403].includes(await ask()));
      assert.equal(auth.state.ended, "signed-out");
    });

    test("the profile is that of the user, in the API's own shape", async () => {
      const { auth } = await signedIn(dialect, { users: [{ ...ADA, account: { nombre: "Ada" } }] });
      const { user } = await auth.perform("profile");
      assert.match(JSON.stringify(user), /ada/i);
    });
  });
}

test("a user of the app's making is told and claimed as the app says", async () => {
  const user = { username: "ada", role: "developer" };
  const { auth } = await signedIn(dialects.stockapi, { users: [{ ...ADA, user, claims: { role: "developer" } }] });
  assert.deepEqual(auth.state.user, user);
  assert.equal(auth.state.claims.role, "developer");
  assert.equal(auth.state.claims.username, "ada");
});

test("a document of the app's own is spoken without its server's half, with further fields of the login", async () => {
  const ours = defineDialect({
    relatch: 1,
    name: "ours",
    attach: [{ header: "X-Session", value: "v1:{access_token};" }],
    expires: { jwt: true },
    login: {
      request: { method: "POST", path: "/in", headers: { "X-Device": "phone/{field.device}" }, json: { who: ["{identifier}"], pin: "{field.pin}" } },
      answers: [
        { status: 201, json: { jwt: "{access_token}", me: "{user}", left: "{detail.left}" }, means: "session" },
        { status: 418, json: { left: "{detail.left}" }, means: "bad-credentials" },
      ],
    },
    renew: "none",
    refusals: [{ status: 401, means: "token-expired" }],
  });
  const users = [{ identifier: ["ada", "ada@example.com"], password: "", fields: { "field.pin": "1234" } }];
  const answers = { login: ({ values }) => (values["field.pin"] === "0000" ? { means: "bad-credentials", values: { "detail.left": 2 } } : undefined) };
  const api = apiOf(ours, { users, answers, lifetimeSecs: 60 });
  const auth = clientAt(api, ours);
  const given = (pin) => ({ identifier: "ada@example.com", "field.pin": pin, "field.device": "7" });
  const refused = await auth.login(given("0000")).catch((error) => error);
  assert.deepEqual([refused.code, refused.status, refused.details], ["bad-credentials", 418, { left: 2 }]);
  assert.equal(await codeOf(auth.login(given("9"))), "bad-credentials");
  await auth.login(given("1234"));
  assert.deepEqual(auth.state.user, { username: "ada" });
  assert.equal(auth.state.claims.exp - auth.state.claims.iat, 60);
  assert.equal((await auth.fetch("/orders")).status, 200);
});

test("a call carries the context that was set right before it", async () => {
  const { api, auth } = await signedIn(dialects.gatego);
  auth.setContext("organization", "42");
  assert.deepEqual(await (await auth.fetch("/orders")).json(), { name: "ada", context: { organization: "42" } });
  assert.deepEqual(api.requests.at(-1).context, { organization: "42" });
});

test("an account that is not validated yet is, with its code", async () => {
  const api = apiOf(dialects.gatego, { users: [{ ...ADA, state: "not-validated" }] });
  const auth = clientAt(api, dialects.gatego);
  const refused = await auth.login(ADA).catch((error) => error);
  assert.equal(refused.code, "account-not-validated");
  await auth.perform("resend-validation", { resend_code: refused.details.resend_code });
  assert.equal(await codeOf(auth.perform("validate", { code: "123456", password: ADA.password })), "bad-credentials");
  assert.deepEqual(await auth.perform("validate", { code: "000000", password: ADA.password }), { email: "ada@example.com" });
  assert.equal(await codeOf(auth.login(ADA)), null);
});

test("what an API wants of a request it says with the reason", async () => {
  const api = apiOf(dialects.integra);
  const refused = await clientAt(api, dialects.integra).login({ identifier: "al", password: "x" }).catch((error) => error);
  assert.deepEqual([refused.code, refused.reason, refused.status], ["invalid-request", "identifier.length", 400]);
});

test("an address outside of the API is the test's mistake, and no network failure", async () => {
  await assert.rejects(apiOf(dialects.gatego).fetch("https://elsewhere.example/v1/me"), /not below https:\/\/api\.example\.com\/v1/);
});

describe("an API of the gallery", () => {
  const context = { api_key: "key", client_id: "app", audience: "api", realm: "users" };

  for (const [kind, dialect] of Object.entries({ form: openwowi, JSON: auth0, "JSON and a query": supabase, GraphQL: saleor })) {
    test(`${dialect.title}: logs in and renews at one path, by ${kind}, and says when its tokens end`, async () => {
      const clock = movableClock();
      const { api, auth } = await signedIn(dialect, { lifetimeSecs: 600, client: { context } });
      assert.equal(auth.state.expiresAt, Date.now() + 600_000);
      await clock.sleep(601_000);
      assert.equal((await auth.fetch("/orders")).status, 200);
      assert.deepEqual([api.count("login"), api.count("renew")], [1, 1]);
      assert.equal(await codeOf(clientAt(api, dialect, { context }).login({ ...ADA, password: "wrong" })), "bad-credentials");
    });
  }

  test("may want its token in a parameter", async () => {
    const dialect = defineDialect({ ...dialects.stockapi, name: "asked", attach: [{ query: "token", value: "{access_token}" }] });
    const { api, auth } = await signedIn(dialect);
    assert.equal((await auth.fetch("/orders")).status, 200);
    for (const query of ["", "?token=x"]) await api.fetch(`https://api.example.com/v1/orders${query}`);
    assert.deepEqual(told(api).slice(2), ["GET /orders token-missing 401", "GET /orders token-expired 403"]);
  });
});
