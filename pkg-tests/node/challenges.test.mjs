// Logins of more than one step, as apps see them: `auth.answer` and `state.challenge`.

import assert from "node:assert/strict";
import { test } from "../support/deadline.mjs";
import { ADA, plain, scripted } from "../support/scripted.mjs";

const api = scripted();

const otp = {
  request: { method: "POST", path: "/login/code", json: { id: "{challenge.id}", user: "{identifier}", code: "{code}", tenant: "{context.tenant?}" } },
  answers: [
    { status: 200, json: { token: "{access_token}" }, means: "session" },
    { status: 200, json: { tenants: "{detail.tenants}", ticket: "{challenge.ticket}" }, means: "challenge", challenge: "tenant" },
    { status: 401, json: { error: "code" }, means: "bad-credentials" },
    { status: 410, means: "session-ended" },
  ],
};

const tenant = {
  request: { method: "POST", path: "/login/tenant", json: { id: "{challenge.id}", ticket: "{challenge.ticket}", tenant: "{field.tenant}" } },
  answers: [
    { status: 200, json: { token: "{access_token}" }, means: "session" },
    { status: 401, means: "bad-credentials" },
  ],
};

const document = {
  ...plain(),
  renew: "login",
  challenges: { otp, tenant },
  login: {
    request: plain().login.request,
    answers: [
      { status: 200, json: { token: "{access_token}" }, means: "session" },
      { status: 202, json: { id: "{challenge.id}", sentTo: "{detail.sentTo}" }, means: "challenge", challenge: "otp" },
      { status: 401, means: "bad-credentials" },
    ],
  },
};

const QUESTION = { status: 202, json: { id: "s3cret-id", sentTo: "…07" } };

/** A client whose login waits for a code, and everything that its app was told. */
async function asked(options) {
  const told = [];
  const auth = api.client(document, { logger: (entry) => told.push(entry), ...options });
  auth.subscribe((state, event) => told.push(state, event));
  api.answers["POST /login"] = QUESTION;
  await assert.rejects(auth.login(ADA), { code: "challenge", status: 202, details: { sentTo: "…07" } });
  return [auth, told];
}

const bodies = (path) => api.asked(path).map((it) => JSON.parse(it.body));

test("a login that asks for a code is answered with it, and signs in", async () => {
  const [auth] = await asked();
  assert.deepEqual([auth.state.status, auth.state.challenge], ["challenge", { number: 1, kind: "otp", details: { sentTo: "…07" } }]);
  auth.setContext("tenant", "acme");
  api.answers["POST /login/code"] = { json: { token: "t0ken-2" } };
  const state = await auth.answer({ code: "123456" });
  assert.deepEqual([state.status, state.challenge], ["signed-in", null]);
  assert.deepEqual(bodies("/login/code"), [{ id: "s3cret-id", user: "ada", code: "123456", tenant: "acme" }]);
  await auth.fetch("/orders");
  assert.equal(api.asked("/orders")[0].headers.authorization, "Bearer t0ken-2");
});

test("a wrong code can be corrected, and a step may lead to another", async () => {
  const [auth] = await asked();
  const before = auth.state;
  api.answers["POST /login/code"] = { status: 401, json: { error: "code" } };
  await assert.rejects(auth.answer({ code: "0" }), { code: "bad-credentials" });
  assert.equal(auth.state, before);
  api.answers["POST /login/code"] = { json: { tenants: ["a", "b"], ticket: "s3cret-ticket" } };
  await assert.rejects(auth.answer({ code: "123456" }), { code: "challenge" });
  assert.deepEqual(auth.state.challenge, { number: 2, kind: "tenant", details: { tenants: ["a", "b"] } });
  api.answers["POST /login/tenant"] = { json: { token: "t0ken-2" } };
  await auth.answer({ "field.tenant": "b" });
  assert.deepEqual(bodies("/login/tenant"), [{ id: "s3cret-id", ticket: "s3cret-ticket", tenant: "b" }]);
  assert.equal(auth.state.status, "signed-in");
});

test("a question that the API has forgotten is over, and so is one that the user turns away from", async () => {
  const [auth, told] = await asked();
  api.answers["POST /login/code"] = { status: 410 };
  await assert.rejects(auth.answer({ code: "1" }), { code: "session-ended" });
  assert.deepEqual([auth.state.status, auth.state.challenge, auth.state.ended], ["signed-out", null, null]);
  assert.ok(told.some((it) => it.type === "challenge-ended"));
  await assert.rejects(auth.answer({ code: "1" }), { code: "login-required" });
  await assert.rejects(auth.login(ADA), { code: "challenge" });
  await auth.logout();
  assert.deepEqual([auth.state.status, auth.state.challenge], ["signed-out", null]);
  await assert.rejects(auth.answer({ code: "1" }), { code: "login-required" });
});

test("what an answer lacks is named, and it can be given again", async () => {
  const [auth] = await asked();
  await assert.rejects(auth.answer({}), { code: "invalid-argument", details: { argument: "code" } });
  assert.equal(auth.state.challenge.kind, "otp");
});

test("whoever is signed in stays so while somebody else's login is asked for a code", async () => {
  const auth = await api.signedIn(document);
  api.answers["POST /login"] = QUESTION;
  await assert.rejects(auth.login({ identifier: "grace", password: "x" }), { code: "challenge" });
  assert.deepEqual([auth.state.status, auth.state.challenge?.kind], ["signed-in", "otp"]);
  assert.equal((await auth.fetch("/orders")).status, 200);
  api.answers["POST /login/code"] = { json: { token: "t0ken-2" } };
  await auth.answer({ code: "1" });
  assert.deepEqual([await auth.token(), auth.state.challenge], ["t0ken-2", null]);
});

test("calls wait for a person through all steps", async () => {
  const onLoginRequired = async () => {
    await auth.login(ADA).catch(() => {});
    await auth.answer({ code: "1" });
  };
  const auth = await api.signedIn(document, { renewal: { onLoginRequired } });
  api.answers["POST /login"] = QUESTION;
  api.answers["POST /login/code"] = { json: { token: "t0ken-2" } };
  api.answers["GET /orders"] = ({ headers }) => ({ status: headers.authorization === "Bearer t0ken-2" ? 200 : 401 });
  assert.equal((await auth.fetch("/orders")).status, 200);
  assert.deepEqual(api.asked("/orders").length, 2);
});

test("a password that is kept is not sent again and again to an API that wants a code", async () => {
  const auth = await api.signedIn(document, { renewal: { credentials: true } });
  api.answers["POST /login"] = QUESTION;
  await assert.rejects(auth.renew(), { code: "login-required" });
  await assert.rejects(auth.renew());
  assert.equal(api.asked("/login").length, 2);
  assert.equal(auth.state.challenge, null);
});

test("neither the password nor what a question left is told to anybody", async () => {
  const [auth, told] = await asked();
  api.answers["POST /login/code"] = { json: { tenants: [], ticket: "s3cret-ticket" } };
  const error = await auth.answer({ code: "123456" }).catch((it) => it);
  const all = JSON.stringify([told, auth.state, auth.history(), error, { ...error }, error.message]);
  for (const secret of ["s3cret", ADA.password, "123456"]) assert.ok(!all.includes(secret), secret);
});

test("there is nothing to answer where a document asks no questions", async () => {
  const auth = api.client(plain());
  await assert.rejects(auth.answer({ code: "1" }), { code: "login-required" });
});
