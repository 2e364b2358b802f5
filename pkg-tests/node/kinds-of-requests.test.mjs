// The kinds of requests that documents describe, as an API gets them.

import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { describe } from "node:test";
import { test } from "../support/deadline.mjs";
import { ADA, plain, scripted } from "../support/scripted.mjs";

const api = scripted();
const FORM = /^application\/x-www-form-urlencoded/;

/** The login that a document's request comes to. */
async function login(request, credentials = ADA, options) {
  await api.client(plain({ request: { json: undefined, ...request } }), options).login(credentials);
  return api.asked("/login")[0];
}

test("a form is sent as one, names repeated, numbers and constants as text, what is missing left out", async () => {
  const { headers, body } = await login({ form: { user: "{identifier}", pass: "{password}", otp: "{field.otp?}", scope: ["a", "b"], version: 2, keep: true } });
  assert.match(headers["content-type"], FORM);
  assert.deepEqual([...new URLSearchParams(body)], [["user", "ada"], ["pass", ADA.password], ["scope", "a"], ["scope", "b"], ["version", "2"], ["keep", "true"]]);
});

test("a query is sent with a request that has no body", async () => {
  api.answers["GET /login"] = { json: { token: "t" } };
  const { query, body, headers } = await login({ method: "GET", query: { op: "login", user: "{identifier}", pass: "{password}" } });
  assert.deepEqual(query, { op: "login", user: "ada", pass: ADA.password });
  assert.deepEqual([body, headers["content-type"]], ["", undefined]);
});

test("credentials can travel in headers", async () => {
  const { headers } = await login({ headers: { "X-Username": "{identifier}", "X-Password": "p{password}" } }, { identifier: "ada", password: "123" });
  assert.deepEqual([headers["x-username"], headers["x-password"]], ["ada", "p123"]);
});

test("a header that no value may break out of is refused, and nothing is sent", async () => {
  const auth = api.client(plain({ request: { headers: { "X-Username": { $concat: ["{identifier}"] } } } }));
  await assert.rejects(auth.login({ identifier: "ada\r\nX-Admin: 1", password: "p" }), { code: "invalid-argument", details: { argument: "X-Username" } });
  assert.deepEqual(api.seen, []);
});

test("a content type of the document's own goes before that of the body", async () => {
  const { headers } = await login({ headers: { "Content-Type": "application/x-amz-json-1.1" }, json: { u: "{identifier}" } });
  assert.equal(headers["content-type"], "application/x-amz-json-1.1");
});

test("Basic is a function of identifier and password", async () => {
  const { headers } = await login({ headers: { Authorization: { $concat: ["Basic ", { $base64: "{identifier}:{password}" }] } } });
  assert.equal(headers.authorization, `Basic ${Buffer.from(`ada:${ADA.password}`).toString("base64")}`);
});

test("text is a body of its own", async () => {
  const { headers, body } = await login({ text: "{identifier}\n{password}" });
  assert.match(headers["content-type"], /^text\/plain/);
  assert.equal(body, `ada\n${ADA.password}`);
});

test("multipart is sent as one, and no value breaks out of its part", async () => {
  const password = '"\r\nContent-Disposition: form-data; name="admin"\r\n\r\n1';
  const { headers, body } = await login({ multipart: { user: "{identifier}", pass: "{password}", tags: ["a", "b"] } }, { identifier: "ada", password });
  const form = await new Response(body, { headers: { "content-type": headers["content-type"] } }).formData();
  assert.deepEqual([...form], [["user", "ada"], ["pass", password], ["tags", "a"], ["tags", "b"]]);
});

test("XML is written with attributes, children and lists, and what stands in it is escaped", async () => {
  const xml = { methodCall: { "@v": 1, methodName: "login", params: { param: [{ value: { string: "{identifier}" } }, { value: "{password}" }] } } };
  const { headers, body } = await login({ xml });
  assert.match(headers["content-type"], /xml/);
  const params = "<params><param><value><string>ada</string></value></param><param><value>pässwörd &amp; co</value></param></params>";
  assert.equal(body, `<?xml version="1.0" encoding="UTF-8"?><methodCall v="1"><methodName>login</methodName>${params}</methodCall>`);
});

test("what XML cannot say is refused, and nothing is sent", async () => {
  const auth = api.client(plain({ request: { json: undefined, xml: { a: "{password}" } } }));
  await assert.rejects(auth.login({ identifier: "ada", password: "\u0001" }), { code: "invalid-argument" });
  assert.deepEqual(api.seen, []);
});

describe("functions", () => {
  const hash = (name, text) => createHash(name).update(text).digest();
  const mac = (name) => createHmac(name, "k€y").update("ada").digest("hex");
  const json = {
    lower: { $lower: "{field.Mixed}" },
    upper: { $upper: "{field.Mixed}" },
    url: { $url: "{password}" },
    base64: { $base64: "{password}" },
    base64url: { $base64url: "{field.Mixed}" },
    text: { $json: { a: "{identifier}", b: [1, true, null], c: { $md5: "x" } } },
    md5: { $md5: { $concat: ["{identifier}:", { $md5: "{password}" }] } },
    sha1: { $base64: { $sha1: "{password}" } },
    sha256: { $sha256: "{password}" },
    sha512: { $base64url: { $sha512: "{password}" } },
    hmac1: { "$hmac-sha1": { key: "k€y", text: "{identifier}" } },
    hmac256: { "$hmac-sha256": { key: "k€y", text: "{identifier}" } },
    hmac512: { "$hmac-sha512": { key: "k€y", text: "{identifier}" } },
    cookie: { $concat: ["x", { $cookie: "none" }] },
    escaped: { $$oid: "{identifier}" },
    among: { $$id: "{identifier}", as: { $md5: "a" }, $$type: "person" },
  };

  test("give what other programs give, and what misses a cookie is left out", async () => {
    const { body } = await login({ json }, { ...ADA, "field.Mixed": "Ünï~Cödé?>" });
    assert.deepEqual(JSON.parse(body), {
      lower: "ünï~cödé?>",
      upper: "ÜNÏ~CÖDÉ?>",
      url: "p%C3%A4ssw%C3%B6rd%20%26%20co",
      base64: Buffer.from(ADA.password).toString("base64"),
      base64url: Buffer.from("Ünï~Cödé?>").toString("base64url"),
      text: `{"a":"ada","b":[1,true,null],"c":"${hash("md5", "x").toString("hex")}"}`,
      md5: hash("md5", `ada:${hash("md5", ADA.password).toString("hex")}`).toString("hex"),
      sha1: hash("sha1", ADA.password).toString("base64"),
      sha256: hash("sha256", ADA.password).toString("hex"),
      sha512: hash("sha512", ADA.password).toString("base64url"),
      hmac1: mac("sha1"),
      hmac256: mac("sha256"),
      hmac512: mac("sha512"),
      escaped: { $oid: "ada" },
      among: { $id: "ada", as: hash("md5", "a").toString("hex"), $type: "person" },
    });
  });

  test("of the clock and of chance give the time and something new", async () => {
    const request = { json: { secs: { $now: "epoch" }, millis: { $now: "epoch-millis" }, iso: { $now: "iso8601" }, id: { $uuid: true }, other: { $uuid: true } } };
    const before = Date.now();
    const { secs, millis, iso, id, other } = JSON.parse((await login(request)).body);
    for (const at of [secs * 1000 + 999, millis, Date.parse(iso)]) assert.ok(at >= before && at <= Date.now() + 999, `${at}`);
    assert.match(id, /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    assert.notEqual(id, other);
  });

  test("are the document's alone: a value that looks like one stays a value", async () => {
    const { body } = await login({ json: { data: "{field.data}", hash: { $md5: "a" } } }, { "field.data": { $md5: "a" } });
    assert.deepEqual(JSON.parse(body).data, { $md5: "a" });
  });
});

describe("a function of the app's", () => {
  const dialect = plain({ request: { json: { user: "{identifier}", proof: { $plugin: "prove", secret: "{password}", of: { $md5: "a" } } } } });

  test("is given its input and gives a value, at once or later", async () => {
    const inputs = [];
    await api.client(dialect, { plugins: { prove: async (input) => (inputs.push(input), { a: 1 }) } }).login(ADA);
    assert.deepEqual(inputs, [{ secret: ADA.password, of: createHash("md5").update("a").digest("hex") }]);
    assert.deepEqual(JSON.parse(api.asked("/login")[0].body).proof, { a: 1 });
  });

  test("that throws, or is not there, rejects the login with its error as the cause, and nothing is sent", async () => {
    const broken = new Error("no key");
    const thrown = await api.client(dialect, { plugins: { prove: () => Promise.reject(broken) } }).login(ADA).catch((error) => error);
    assert.deepEqual([thrown.code, thrown.cause], ["plugin-failed", broken]);
    const missing = await api.client(dialect).login(ADA).catch((error) => error);
    assert.equal(missing.code, "plugin-failed");
    assert.match(missing.cause.message, /prove/);
    assert.deepEqual(api.seen, []);
  });

  test("that never answers is waited for no longer than for a server", async () => {
    const auth = api.client(dialect, { plugins: { prove: () => new Promise(() => {}) }, timeouts: { requestMs: 200 } });
    await assert.rejects(auth.login(ADA), { code: "timeout" });
  });

  test("sees the request that it is to sign, with what was attached before", async () => {
    const attach = [{ query: "key", value: "{access_token}" }, { header: "X-Signature", value: { $plugin: "sign" } }];
    const requests = [];
    const auth = await api.signedIn(plain({ attach }), { plugins: { sign: (_, request) => (requests.push(request), "signed") } });
    await auth.fetch("/orders?a=1", { method: "POST", body: '{"b":2}' });
    assert.deepEqual(requests, [{ method: "POST", url: `${api.url}/orders?a=1&key=t0ken-1`, body: '{"b":2}' }]);
    assert.equal(api.asked("/orders")[0].headers["x-signature"], "signed");
  });

  test("that fails a call rejects it, and the session stays", async () => {
    const attach = [{ header: "Authorization", value: { $plugin: "sign", token: "{access_token}" } }];
    const auth = await api.signedIn(plain({ attach }), { plugins: { sign: () => { throw new Error("no key"); } } });
    await assert.rejects(auth.fetch("/orders"), { code: "plugin-failed" });
    assert.equal(auth.state.status, "signed-in");
  });
});

describe("steps before", () => {
  const before = [{ request: { method: "GET", path: "/nonce" }, answers: [{ json: { nonce: "{step.nonce}" }, means: "done" }] }];
  const json = { user: "{identifier}", response: { $md5: "{step.nonce}:{password}" } };
  const dialect = plain();
  const challenged = { ...dialect, login: { ...dialect.login, before, request: { method: "POST", path: "/login", json } } };

  test("give what the request is made of: a hash over a server's nonce", async () => {
    api.answers["GET /nonce"] = { json: { nonce: "n-1" } };
    await api.client(challenged).login(ADA);
    assert.equal(JSON.parse(api.asked("/login")[0].body).response, createHash("md5").update(`n-1:${ADA.password}`).digest("hex"));
  });

  test("that are refused end the login with what that means", async () => {
    api.answers["GET /nonce"] = { status: 503 };
    await assert.rejects(api.client(challenged).login(ADA), { code: "server-error", status: 503 });
    assert.deepEqual(api.asked("/login"), []);
  });
});
