// The plug-ins of `docs/dialects/plugins.md`, as they stand there, against servers that check what they make.

import assert from "node:assert/strict";
import { createHmac, pbkdf2Sync } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createClient } from "relatch";

const PAGE = readFileSync(new URL("../../docs/dialects/plugins.md", import.meta.url), "utf8");
const bitwarden = JSON.parse(readFileSync(new URL("../../dialects/gallery/bitwarden-identity.json", import.meta.url), "utf8"));

const example = (name) => import(`data:text/javascript,${encodeURIComponent(PAGE.match(new RegExp(`\`\`\`js\n// ${name}\n([^]*?)\`\`\``))[1])}`);

const answer = (status, body) => new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });

const DEVICE = { "field.device_type": "9", "field.device_name": "web", "field.device_identifier": "d-1" };

function bitwardenServer(sent) {
  const derive = (secret, salt, rounds) => pbkdf2Sync(secret, salt, rounds, 32, "sha256");
  const expected = derive(derive("correct horse 9", "ada@example.com", 5000), "correct horse 9", 1).toString("base64");
  return async (url, { body }) => {
    sent.push(String(body));
    if (new URL(url).pathname.endsWith("/prelogin")) return answer(200, { kdf: 0, kdfIterations: 5000 });
    const form = new URLSearchParams(String(body));
    const good = form.get("password") === expected && form.get("grant_type") === "password";
    return good ? answer(200, { access_token: "t", refresh_token: "r", expires_in: 3600 }) : answer(400, { error: "invalid_grant" });
  };
}

test("a password is derived as the server said, and leaves the page as a hash only", async () => {
  const { bitwardenHash } = await example("bitwarden-hash.mjs");
  const sent = [];
  const auth = createClient({
    dialect: bitwarden,
    baseUrl: "https://vault.example.com",
    storage: "memory",
    fetch: bitwardenServer(sent),
    plugins: { "bitwarden-hash": bitwardenHash },
  });
  await assert.rejects(auth.login({ identifier: "Ada@example.com", password: "wrong", ...DEVICE }), { code: "bad-credentials" });
  await auth.login({ identifier: "Ada@example.com", password: "correct horse 9", ...DEVICE });
  assert.equal(await auth.token(), "t");
  assert.doesNotMatch(sent.join("\n"), /correct|wrong/);
  auth.dispose();
});

test("a plug-in that fails fails the login, with what it threw as the cause", async () => {
  const { bitwardenHash } = await example("bitwarden-hash.mjs");
  const fetch = async () => answer(200, { kdf: 1, kdfIterations: 3 });
  const auth = createClient({ dialect: bitwarden, baseUrl: "https://vault.example.com", storage: "memory", fetch, plugins: { "bitwarden-hash": bitwardenHash } });
  const error = await auth.login({ identifier: "ada", password: "correct horse 9", ...DEVICE }).then(assert.fail, (error) => error);
  assert.equal(error.code, "plugin-failed");
  assert.match(error.cause.message, /not PBKDF2/);
  assert.equal(auth.state.status, "signed-out");
  auth.dispose();
});

const SIGNED = {
  relatch: 1,
  name: "signed",
  attach: [{ header: "Authorization", value: { $plugin: "sign", key: "{session.key}", secret: "{access_token}" } }],
  login: {
    request: { method: "POST", path: "/tokens", json: { name: "{identifier}", password: "{password}" } },
    answers: [
      { json: { key: "{session.key}", token: "{access_token}" }, means: "session" },
      { status: 401, means: "bad-credentials" },
    ],
  },
};

test("each call is signed for what it sends", async () => {
  const { sign } = await example("sign.mjs");
  const seen = [];
  const fetch = async (url, init) => {
    if (new URL(url).pathname === "/api/tokens") return answer(200, { key: "k-1", token: "secret" });
    const text = [init.method ?? "GET", new URL(url).pathname, init.body ?? ""].join("\n");
    const good = `Signature k-1:${createHmac("sha256", "secret").update(text).digest("hex")}`;
    seen.push(new Headers(init.headers).get("authorization") === good);
    return answer(200, {});
  };
  const auth = createClient({ dialect: SIGNED, baseUrl: "https://api.example.com/api", storage: "memory", fetch, plugins: { sign } });
  await auth.login({ identifier: "ada", password: "p" });
  await auth.fetch("/files?x=1");
  await auth.fetch("/files", { method: "POST", body: JSON.stringify({ a: "ñ" }) });
  assert.deepEqual(seen, [true, true]);
  auth.dispose();
});
