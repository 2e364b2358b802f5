// What goes along with calls, and which answers to them concern the session.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { test } from "../support/deadline.mjs";
import { ADA, plain, scripted } from "../support/scripted.mjs";

const api = scripted();
const FORM = { "content-type": "application/x-www-form-urlencoded" };

/** What the API gets of a call under these elements. */
async function called(attach, path = "/orders", init = undefined, more = {}) {
  const { options, ...document } = more;
  const auth = await api.signedIn(plain({ attach, ...document }), options);
  await auth.fetch(path, init);
  return api.asked("/orders")[0];
}

test("several headers go along, prefixed or bare, and constants with them", async () => {
  const attach = [{ header: "X-Token", value: "{access_token}" }, { header: "Authorization", value: "Token token={access_token}" }, { header: "X-Api-Version", value: "2" }];
  const { headers } = await called(attach, "/orders", { headers: { "x-token": "the app's own" } });
  assert.deepEqual([headers["x-token"], headers.authorization, headers["x-api-version"]], ["t0ken-1", "Token token=t0ken-1", "2"]);
});

test("what goes along always does so with logins too, as far as it is there", async () => {
  const always = [{ header: "X-Api-Key", value: "k" }, { header: "X-Tenant", value: "{context.tenant?}" }, { query: "v", value: "{context.version?}" }];
  const auth = await api.signedIn(plain({ always }));
  auth.setContext("tenant", "acme");
  await auth.fetch("/orders");
  assert.deepEqual(api.seen.map(({ headers, search }) => [headers["x-api-key"], headers["x-tenant"], search]), [["k", undefined, ""], ["k", "acme", ""]]);
});

test("calls carry what an operation has given: after a change of tenant, its token", async () => {
  const change = { request: { method: "POST", path: "/change", json: { tenant: "{field.tenant}" } }, attach: true, answers: [{ status: 200, json: { token: "{access_token}", name: "{detail.name}" }, means: "done" }] };
  const auth = await api.signedIn(plain({ operations: { change } }));
  api.answers["POST /change"] = { json: { token: "acme-1", name: "Acme" } };
  assert.deepEqual(await auth.perform("change", { "field.tenant": "acme" }), { "detail.name": "Acme" });
  await auth.fetch("/orders");
  assert.equal(api.asked("/orders")[0].headers.authorization, "Bearer acme-1");
});

describe("a token in the query", () => {
  const attach = [{ query: "auth token", value: "{access_token}" }];

  test("replaces the app's own parameter of that name, and leaves the others as they are written", async () => {
    assert.equal((await called(attach, "/orders?a=%20b&flag&auth+token=mine&auth%20token=other&c=d+e")).search, "?a=%20b&flag&c=d+e&auth+token=t0ken-1");
  });

  test("goes along with a Request too, whose body stays", async () => {
    const { search, body, method, headers } = await called(attach, new Request(`${api.url}/orders`, { method: "PUT", body: "héllo", headers: { "x-own": "1" } }));
    assert.deepEqual([search, body, method, headers["x-own"]], ["?auth+token=t0ken-1", "héllo", "PUT", "1"]);
  });

  test("goes to no address that the app has not allowed", async () => {
    const auth = await api.signedIn(plain({ attach }));
    await assert.rejects(auth.fetch("https://evil.example/orders"), { code: "foreign-url" });
  });
});

describe("a token in the body", () => {
  const attach = [{ body: "sid", value: "{access_token}" }];

  test("is a member of a JSON object, in place of the app's own", async () => {
    const { body } = await called(attach, "/orders", { method: "POST", body: '{"a":1,"sid":"mine","__proto__":2}' });
    assert.equal(body, '{"a":1,"sid":"t0ken-1","__proto__":2}');
  });

  test("is a field of a form", async () => {
    const { body, headers } = await called(attach, "/orders", { method: "POST", body: new URLSearchParams("a=1&sid=mine") });
    assert.deepEqual([body, headers["content-type"].split(";")[0]], ["a=1&sid=t0ken-1", FORM["content-type"]]);
  });

  test("is a field of a form that is written as text, or of one with files", async () => {
    assert.equal((await called(attach, "/orders", { method: "POST", body: "a=1", headers: FORM })).body, "a=1&sid=t0ken-1");
    api.seen = [];
    const form = new FormData();
    form.append("file", new Blob(["x"]), "x.txt");
    const { body, headers } = await called(attach, "/orders", { method: "POST", body: form });
    const sent = await new Response(body, { headers: { "content-type": headers["content-type"] } }).formData();
    assert.deepEqual([sent.get("sid"), sent.get("file").name], ["t0ken-1", "x.txt"]);
  });

  test("is a member of what a Request's object carries", async () => {
    assert.deepEqual(JSON.parse((await called(attach, new Request(`${api.url}/orders`, { method: "POST", body: '{"a":1}' }))).body), { a: 1, sid: "t0ken-1" });
  });

  for (const [what, body, headers] of [
    ["no body", undefined],
    ["a list", "[1]"],
    ["text", "hello"],
    ["text that says so and looks like an object", "{}", { "content-type": "text/plain" }],
    ["bytes", new Uint8Array([1])],
    ["a Blob", new Blob(["{}"])],
  ]) {
    test(`is left out of a call with ${what}, which goes as it is`, async () => {
      const seen = await called(attach, "/orders", { method: "POST", body, headers });
      assert.equal(seen.body, await new Response(body).text());
    });
  }

  test("goes along with the session's own requests as well", async () => {
    const operations = { leave: { attach: true, request: { method: "POST", path: "/leave", form: { a: "b" } }, answers: [{ means: "done" }] } };
    const auth = await api.signedIn(plain({ attach, operations }));
    await auth.perform("leave");
    assert.equal(api.asked("/leave")[0].body, "a=b&sid=t0ken-1");
  });
});

test("a header that a request names itself goes before one that always goes along", async () => {
  const always = [{ header: "X-Csrf", value: "general" }, { header: "Authorization", value: "Basic api" }];
  const { login, ...rest } = plain({ always });
  const own = { ...login, request: { ...login.request, headers: { authorization: "Basic {identifier}" } } };
  await api.signedIn({ ...rest, login: own });
  assert.deepEqual([api.seen[0].headers.authorization, api.seen[0].headers["x-csrf"]], ["Basic ada", "general"]);
});

describe("redirects", () => {
  const moved = { status: 302, headers: { location: "/elsewhere" } };
  for (const [what, attach, follows] of [
    ["in Authorization alone", [{ header: "authorization", value: "Bearer {access_token}" }, { header: "X-Version", value: "2" }], true],
    ["in a header of its own", [{ header: "X-Token", value: "{access_token}" }], false],
    ["in the query", [{ query: "t", value: "{access_token}" }], false],
    ["in a function", [{ header: "X-Token", value: { $base64: "{access_token}" } }], false],
    ["in a cookie", [{ cookies: true }], false],
  ]) {
    test(`are ${follows ? "" : "not "}followed with a token ${what}`, async () => {
      api.answers["GET /orders"] = moved;
      const auth = await api.signedIn(plain({ attach }));
      const went = await auth.fetch("/orders").then(() => true, () => false);
      assert.deepEqual([went, api.asked("/elsewhere").length > 0], [follows, follows]);
    });
  }
});

describe("a refusal", () => {
  const renew = { request: { method: "POST", path: "/renew", json: {} }, answers: [{ status: 200, json: { token: "{access_token}" }, means: "session" }] };
  const again = { json: { token: "t0ken-2" } };

  async function refused(refusals, said) {
    const { attach } = plain();
    let told = said;
    api.answers["POST /renew"] = again;
    api.answers["GET /orders"] = () => {
      const now = told;
      told = { json: { fine: true } };
      return now;
    };
    const auth = await api.signedIn(plain({ attach, renew, refusals }));
    return (await auth.fetch("/orders")).text();
  }

  test("inside of a success is one, if the document says so, and the session renews", async () => {
    const refusals = [{ json: { error: { code: 401 } }, means: "token-expired" }];
    assert.equal(await refused(refusals, { status: 200, json: { error: { code: 401 } } }), '{"fine":true}');
    assert.equal(api.asked("/renew").length, 1);
  });

  test("comes with any status of a list, and with no other", async () => {
    const refusals = [{ status: [400, 422], json: { message: "{_?}expired{_?}" }, means: "token-expired" }];
    const said = { json: { message: "your token has expired." } };
    for (const status of [400, 422]) assert.equal(await refused(refusals, { ...said, status }), '{"fine":true}');
    assert.equal(api.asked("/renew").length, 2);
    assert.equal(await refused(refusals, { ...said, status: 409 }), JSON.stringify(said.json));
  });

  test("is told by a header, by text and by XML", async () => {
    assert.equal(await refused([{ status: 403, headers: { "x-reason": "expired" }, means: "token-expired" }], { status: 403, headers: { "x-reason": "expired" } }), '{"fine":true}');
    assert.equal(await refused([{ status: 403, text: "{_?}expired{_?}", means: "token-expired" }], { status: 403, body: "token expired" }), '{"fine":true}');
    assert.equal(await refused([{ status: 500, xml: { fault: { code: "42" } }, means: "token-expired" }], { status: 500, body: "<fault><code>42</code></fault>" }), '{"fine":true}');
    assert.equal(api.asked("/renew").length, 3);
  });

  test("leaves what is none untouched, streams that never end among it", async () => {
    const refusals = [{ json: { error: "expired" }, means: "token-expired" }];
    assert.equal(await refused(refusals, { body: "x".repeat(200_000) }), "x".repeat(200_000));
    const endless = () => new Response(new ReadableStream({ pull: (to) => to.enqueue(new TextEncoder().encode("data: x\n\n")) }), { headers: { "content-type": "text/event-stream" } });
    const auth = await api.signedIn(plain({ refusals }), { fetch: (input, init) => (String(input).endsWith("/events") ? endless() : fetch(input, init)) });
    const reader = (await auth.fetch("/events")).body.getReader();
    assert.equal((await reader.read()).done, false);
    await reader.cancel();
  });
});

test("where a document knows no cookies, what takes one goes without", async () => {
  globalThis.document = { visibilityState: "visible" };
  try {
    const auth = await api.signedIn(plain({ always: [{ header: "X-Csrf", value: { $cookie: "csrf" } }] }));
    await auth.fetch("/orders");
    assert.equal(api.asked("/orders")[0].headers["x-csrf"], undefined);
  } finally {
    delete globalThis.document;
  }
});

test("a session in a cookie has no token to show, and says so", async () => {
  const document = plain({ attach: [{ cookies: true }], answer: { json: { ok: true } } });
  api.answers["POST /login"] = { json: { ok: true } };
  const auth = await api.signedIn(document);
  assert.equal(auth.state.status, "signed-in");
  await assert.rejects(auth.token(), { code: "no-token" });
});

describe("what every answer may bring along", () => {
  const renew = { request: { method: "POST", path: "/renew", json: {} }, answers: [{ status: 200, json: { token: "{access_token}" }, means: "session" }] };

  for (const [what, observe, said] of [
    ["a header", [{ headers: { "x-next-token": "{access_token}" } }], { headers: { "x-next-token": "t0ken-2" }, body: "x" }],
    ["a body", [{ status: 200, json: { meta: { token: "{access_token}" } } }], { json: { meta: { token: "t0ken-2" } } }],
    ["text", [{ text: "{_?}token={access_token};{_?}" }], { body: "a=b&token=t0ken-2;c" }],
  ]) {
    test(`in ${what}, the session takes for its own, and the answer stays whole`, async () => {
      const auth = await api.signedIn(plain({ observe, renew }));
      api.answers["GET /orders"] = said;
      const response = await auth.fetch("/orders");
      assert.equal(await response.text(), said.body ?? JSON.stringify(said.json));
      assert.equal(await auth.token(), "t0ken-2");
      await auth.fetch("/next");
      assert.equal(api.asked("/next")[0].headers.authorization, "Bearer t0ken-2");
    });
  }

  test("is not looked for in an answer that does not fit", async () => {
    const auth = await api.signedIn(plain({ observe: [{ status: 200, headers: { "x-next-token": "{access_token}" } }] }));
    api.answers["GET /orders"] = { status: 404, headers: { "x-next-token": "t0ken-2" } };
    await auth.fetch("/orders");
    assert.equal(await auth.token(), "t0ken-1");
  });
});
