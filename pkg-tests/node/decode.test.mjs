// Reading tokens without verifying them, at once and with a promise.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AuthError, decodeUnverified as later } from "relatch";
import { decodeUnverified } from "relatch/sync";

const part = (text) => Buffer.from(text).toString("base64url");
const token = (header, claims) => `${part(header)}.${part(claims)}.c2ln`;
const HEADER = '{"alg":"HS256"}';

for (const [name, decode] of [["relatch/sync", decodeUnverified], ["relatch", later]]) {
  describe(name, () => {
    test("gives header and claims", async () => {
      const { header, claims } = await decode(token(HEADER, '{"sub":"ada","roles":["a"],"exp":1795254951}'));
      assert.deepEqual({ ...header }, { alg: "HS256" });
      assert.deepEqual({ ...claims }, { sub: "ada", roles: ["a"], exp: 1795254951 });
    });

    test("a claim named __proto__ is a claim like any other", async () => {
      const { claims } = await decode(token(HEADER, '{"__proto__":{"admin":true}}'));
      assert.deepEqual(Object.keys(claims), ["__proto__"]);
      assert.equal(claims.admin, undefined);
      assert.equal({}.admin, undefined);
    });

    test("text of any script survives", async () => {
      const { claims } = await decode(token(HEADER, '{"name":"Núñez 日本 🙂"}'));
      assert.equal(claims.name, "Núñez 日本 🙂");
    });

    for (const [what, bad] of Object.entries({
      "nothing": "",
      "two parts": "a.b",
      "four parts": `${token(HEADER, "{}")}.x`,
      "a padded part": `${part(HEADER)}=.${part("{}")}.c2ln`,
      "standard base64": `${Buffer.from('{"a":"\u00ff\u00fe?>"}').toString("base64")}.${part("{}")}.c2ln`,
      "a line break at the end": `${token(HEADER, "{}")}\n`,
      "bits beyond the last byte": `${part(HEADER)}.e31.c2ln`.replace("e31", "e32"),
      "no JSON": token(HEADER, "{"),
      "a list for claims": token(HEADER, "[]"),
      "a header that is null": token("null", "{}"),
      "invalid UTF-8": `${part(HEADER)}.${Buffer.from([0x22, 0xff, 0x22]).toString("base64url")}.c2ln`,
    })) {
      test(`${what} is refused, and not repeated in the error`, async () => {
        const refused = await Promise.resolve().then(() => decode(bad)).then(() => null, (error) => error);
        assert.equal(refused?.code, "invalid-argument", `it gave ${refused}`);
        assert.equal(refused.constructor.name.length > 0 && refused instanceof Error, true);
        if (bad.length > 8) assert.ok(!JSON.stringify([String(refused), refused, refused.stack]).includes(bad.trim()));
      });
    }
  });
}

test("its errors are those of the package", async () => {
  await assert.rejects(later("x"), AuthError);
});
