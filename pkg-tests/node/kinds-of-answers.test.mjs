// The kinds of answers that documents describe, as clients read them, and those that nobody should have sent.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { test } from "../support/deadline.mjs";
import { ADA, TOKEN, plain, scripted } from "../support/scripted.mjs";

const api = scripted();

/** The token that a login gives which is answered so. */
async function token(answer, said) {
  api.answers["POST /login"] = said;
  return (await api.signedIn(plain({ answer }))).token();
}

test("a token in a header is taken, whatever the header's letters", async () => {
  assert.equal(await token({ headers: { "X-Auth-TOKEN": "{access_token}" } }, { headers: { "x-auth-token": "abc" } }), "abc");
  assert.equal(await token({ headers: { Authorization: "Bearer {access_token}" } }, { headers: { authorization: "bearer abc" } }), "abc");
});

test("a body that is nothing but the token is one, with a line break behind it too", async () => {
  assert.equal(await token({ text: "{access_token}" }, { body: "abc", headers: { "content-type": "text/plain" } }), "abc");
  assert.equal(await token({ text: "{access_token}" }, { body: "abc\r\n" }), "abc");
  assert.equal(await token({ json: "{access_token}" }, { body: '"abc"' }), "abc");
});

test("JSON need not say that it is", async () => {
  assert.equal(await token({ json: { t: "{access_token}" } }, { body: '{"t":"abc"}', headers: { "content-type": "text/html" } }), "abc");
});

test("a text is part of one that is read", async () => {
  assert.equal(await token({ text: "OK:{access_token};{_?}" }, { body: "OK:abc;v=2" }), "abc");
});

test("JSON inside of base64 is read along the template", async () => {
  const session = { ate: 3600, token: "abc" };
  const said = { json: { data: Buffer.from(JSON.stringify(session)).toString("base64"), other: "abc" } };
  const answer = { json: { data: { $base64: { $json: { token: "{access_token}", ate: "{expires}" } } } } };
  const before = Date.now();
  api.answers["POST /login"] = said;
  const auth = await api.signedIn(plain({ answer }));
  assert.equal(await auth.token(), "abc");
  assert.ok(auth.state.expiresAt >= before + 3_600_000);
  assert.equal(await token({ headers: { "x-session": { $base64url: "{access_token}" } } }, { headers: { "x-session": Buffer.from("abc>?").toString("base64url") } }), "abc>?");
});

test("a member that is named like a function is written with two signs", async () => {
  assert.equal(await token({ json: { id: { $$oid: "{access_token}" } } }, { json: { id: { $oid: "abc" } } }), "abc");
  const among = { json: { $$id: "{access_token}", user: { name: "{_}", $$type: "person" } } };
  assert.equal(await token(among, { json: { $id: "abc", user: { name: "Ada", $type: "person" } } }), "abc");
});

test("a value with the form of a function is no function", async () => {
  const answer = { json: { token: "{access_token}", user: "{user}", sign: { $base64: "{_}" } } };
  api.answers["POST /login"] = { json: { token: "abc", user: { $base64: "x", $plugin: "y" }, sign: "eA==" } };
  const auth = await api.signedIn(plain({ answer }));
  assert.deepEqual({ ...auth.state.user }, { $base64: "x", $plugin: "y" });
});

describe("XML", () => {
  const xml = (content) => ({ body: `<?xml version="1.0"?>\n${content}`, headers: { "content-type": "text/xml" } });

  test("is read by names without prefixes, with attributes, lists and text beside attributes", async () => {
    const envelope = xml('<s:Envelope xmlns:s="u"><s:Body code="0"><t:row xmlns:t="v"><k>a</k></t:row><row><k n="1"> abc </k></row></s:Body></s:Envelope>');
    assert.equal(await token({ xml: { Envelope: { Body: { "@code": 0, row: [{ k: "{_}" }, { k: "{access_token}" }] } } } }, envelope), "abc");
    assert.equal(await token({ xml: { "s:Envelope": { Body: { row: [{ k: "{_}" }, { k: { "#text": "{access_token}", "@n": "1" } }] } } } }, envelope), "abc");
    assert.equal(await token({ xml: { Envelope: { Body: { row: { k: "{access_token}" } } } } }, envelope), "a");
  });

  test("takes one element for a list of one, and CDATA and references for the text that they are", async () => {
    assert.equal(await token({ xml: { r: { t: ["{access_token}"] } } }, xml("<r><t><![CDATA[a<b]]>&amp;&#99;</t></r>")), "a<b&c");
  });

  test("that says otherwise leads to another answer", async () => {
    const { login, ...rest } = plain();
    const answers = [
      { xml: { r: { ok: "true", t: "{access_token}" } }, means: "session" },
      { xml: { r: { ok: "false", why: "{detail.why}" } }, means: "bad-credentials" },
    ];
    api.answers["POST /login"] = xml("<r><ok>false</ok><why>no</why></r>");
    const refused = await api.client({ ...rest, login: { ...login, answers } }).login(ADA).catch((error) => error);
    assert.deepEqual([refused.code, refused.details], ["bad-credentials", { why: "no" }]);
  });

  const laughs = Array.from({ length: 9 }, (_, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`).join("");
  const text = "<r><t>abc</t></r>";
  for (const [what, body] of Object.entries({
    "a bomb of entities": `<!DOCTYPE r [<!ENTITY l0 "lol">${laughs}]><r><t>&l9;</t></r>`,
    "an entity of a file": `<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/passwd">]><r><t>&f;</t></r>`,
    "more depth than anybody needs": "<r>".repeat(10_000) + text,
    "more attributes than anybody needs": `<r ${Array.from({ length: 30_000 }, (_, at) => `a${at}="1"`).join(" ")}><t>abc</t></r>`,
    "an end that is missing": "<r><t>abc</t>",
    "two roots": text + text,
    "a web page": "<!doctype html><html><body><p>Sign in<br></body></html>",
    "JSON": '{"r":{"t":"abc"}}',
    "a megabyte": `<r><t>abc</t>${"<u/>".repeat(300_000)}</r>`,
  })) {
    test(`with ${what} is none`, async () => {
      api.answers["POST /login"] = { body };
      await assert.rejects(api.client(plain({ answer: { xml: { r: { t: "{access_token}" } } } })).login(ADA), { code: "unexpected-answer" });
    });
  }
});

describe("an answer that nobody should have sent", () => {
  const answer = { json: { token: "{access_token}", user: "{user?}" } };
  const deep = (depth) => "[".repeat(depth) + "]".repeat(depth);
  const bodies = {
    "a web page": "<!doctype html><title>Sign in to the hotel's network</title>",
    "nothing": "",
    "half an object": '{"token":"abc"',
    "a token with a line break": '{"token":"a\\nb"}',
    "a token in another alphabet": '{"token":"токен"}',
    "a token in bytes that are no text": Buffer.from([...Buffer.from('{"token":"a'), 0xff, ...Buffer.from('b"}')]),
    "more depth than anybody needs": `{"token":"abc","user":${deep(100_000)}}`,
    "two megabytes": `{"token":"abc","user":"${"x".repeat(2 << 20)}"}`,
    "a list where an object belongs": '[{"token":"abc"}]',
  };
  for (const [what, body] of Object.entries(bodies)) {
    test(`as ${what}, ends the login and nothing else`, async () => {
      api.answers["POST /login"] = { body };
      const auth = api.client(plain({ answer }));
      await assert.rejects(auth.login(ADA), { code: "unexpected-answer", status: 200 });
      assert.equal(auth.state.status, "signed-out");
      api.answers = {};
      assert.equal((await auth.login(ADA)).status, "signed-in");
    });
  }

  test("with names of JavaScript's own pollutes nothing", async () => {
    api.answers["POST /login"] = { body: '{"token":"abc","user":{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}}' };
    const auth = await api.signedIn(plain({ answer: { json: { token: "{access_token}", user: "{user}", x: { $json: "{_?}" } } } }), {}, ADA).catch((error) => error);
    assert.equal({}.admin, undefined);
    assert.ok(auth.code === "unexpected-answer" || auth.state.user.admin === undefined);
  });

  test("as a header where the document reads JSON is not taken for it", async () => {
    api.answers["POST /login"] = { headers: { token: "abc" } };
    await assert.rejects(api.client(plain({ answer })).login(ADA), { code: "unexpected-answer" });
  });
});
