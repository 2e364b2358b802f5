// The proxy that the tests of faults rely on, in front of the demo server: what it says that it does, it does.

import assert from "node:assert/strict";
import { after, afterEach, before } from "node:test";
import { test } from "../support/deadline.mjs";
import { Demo } from "../support/demo.mjs";
import { TcpProxy } from "../support/tcp-proxy.mjs";

let demo;
let proxy;
before(async () => {
  demo = await Demo.start();
  proxy = await TcpProxy.open(demo.address);
});
afterEach(async () => {
  await proxy.clear();
  await demo.forgetCounts("gatego");
});
after(async () => {
  await proxy.close();
  await demo.stop();
});

async function login() {
  const { identifier: username, password } = demo.credentials("gatego", "ada");
  const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ username, password }) };
  const response = await fetch(`${proxy.address}/gatego/auth/login`, init);
  return { status: response.status, text: await response.text() };
}

const profile = (token) => fetch(`${proxy.address}/gatego/me`, { headers: { authorization: `Bearer ${token}` } });
const logins = async () => (await demo.counts("gatego"))["POST /auth/login"] ?? 0;

test("without a fault it hands everything on", async () => {
  assert.equal((await login()).status, 200);
  assert.equal((await login()).status, 200);
  assert.equal(await logins(), 2);
});

test("a reset comes before the server knows of the request, and only as often as was asked for", async () => {
  const injected = proxy.inject("reset", { times: 1 });
  await assert.rejects(login);
  assert.equal(await logins(), 0);
  assert.equal((await login()).status, 200);
  assert.equal(injected.count, 1);
});

for (const fault of ["cut", "cut-short"]) {
  test(`${fault}: the server has acted, and its answer does not arrive`, async () => {
    const injected = proxy.inject(fault);
    await assert.rejects(login);
    await injected.met;
    injected.stop();
    assert.ok((await logins()) >= 1);
    assert.equal((await login()).status, 200);
  });
}

for (const fault of ["black-hole", "swallow"]) {
  test(`${fault}: nobody answers`, async () => {
    const injected = proxy.inject(fault, { times: 1 });
    const outcome = login();
    await assert.rejects(() => Promise.race([outcome, new Promise((_, late) => setTimeout(late, 500, new Error("nothing")))]), /nothing/);
    // A busy machine takes its time to hash a password.
    await injected.met;
    assert.equal(await logins(), fault === "swallow" ? 1 : 0);
    proxy.resetAll();
    await assert.rejects(outcome);
  });
}

test("a captive portal answers in the server's place", async () => {
  proxy.inject("garbage", { times: 1 });
  assert.match((await login()).text, /Welcome/);
  assert.equal(await logins(), 0);
  assert.equal((await login()).status, 200);
});

test("a delayed answer is whole", async () => {
  proxy.inject("delay", { times: 1, delayMs: 50 });
  assert.equal((await login()).status, 200);
});

test("a fault meets only what it is for", async () => {
  proxy.inject("reset", { on: ({ path }) => path === "/gatego/me" });
  assert.equal((await login()).status, 200);
  await assert.rejects(() => profile("none"));
});

test("while it refuses, nobody can connect, and afterwards everybody can", async () => {
  await proxy.refuse();
  await assert.rejects(login);
  await proxy.accept();
  assert.equal((await login()).status, 200);
});

test("a session outlives a server that is killed and started again on its data", async () => {
  const { access_token: token } = JSON.parse((await login()).text);
  await demo.kill();
  await assert.rejects(login);
  await demo.restart();
  assert.equal((await profile(token)).status, 200);
});
