// The package on a server: many users, one process.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { AuthError, createClient, defineDialect } from "relatch";
import { gatego, investgo } from "relatch/dialects";
import { test } from "../support/deadline.mjs";
import { module } from "../support/process.mjs";
import { NodeStage, staged } from "../support/stage.mjs";

const stage = staged(() => new NodeStage());
const options = (more) => ({ dialect: gatego, baseUrl: `${stage.gateway.api}/gatego`, ...more });

describe("storage", () => {
  for (const storage of [undefined, "local", "session", { get: () => null, set() {} }]) {
    const name = typeof storage === "object" ? "an adapter" : (storage ?? "not given");
    test(`a login with storage ${name} is refused: it would be everybody's`, async () => {
      const auth = createClient(options({ storage }));
      const refused = await auth.login(stage.demo.credentials("gatego", "ada")).catch((error) => error);
      assert.equal(refused.code, "invalid-argument");
      assert.match(JSON.stringify(refused.details), /memory/);
      assert.deepEqual(stage.gateway.seen, []);
      auth.dispose();
    });
  }

  test("storage memory, said by name, logs in, calls and logs out", async () => {
    const auth = createClient(options({ storage: "memory" }));
    const state = await auth.login(stage.demo.credentials("gatego", "ada"));
    assert.equal(state.status, "signed-in");
    assert.equal((await (await auth.fetch("/me")).json()).username, "ada");
    await auth.logout();
    assert.equal(auth.state.status, "signed-out");
    auth.dispose();
  });

  test("two clients of one home are two users", async () => {
    const [ada, grace] = [createClient(options({ storage: "memory" })), createClient(options({ storage: "memory" }))];
    await ada.login(stage.demo.credentials("gatego", "ada"));
    await grace.login(stage.demo.credentials("gatego", "grace"));
    const [first, second] = await Promise.all([ada, grace].map(async (auth) => (await auth.fetch("/me")).json()));
    assert.deepEqual([first.username, second.username], ["ada", "grace"]);
    ada.dispose();
    grace.dispose();
  });
});

describe("arguments", () => {
  const refused = (given) => {
    try {
      createClient(options(given)).dispose();
    } catch (error) {
      assert.ok(error instanceof AuthError, String(error));
      return error.code;
    }
    return null;
  };

  for (const baseUrl of ["", "not a url", "ftp://example.com", "https://ada@example.com", "https://example.com/?a=b", "https://example.com/#a"]) {
    test(`the base ${JSON.stringify(baseUrl)} is refused`, () => assert.equal(refused({ baseUrl }), "invalid-argument"));
  }

  test("what is no dialect is refused", () => assert.equal(refused({ dialect: {} }), "invalid-dialect"));

  test("a dialect of the app's own works as ours do", async () => {
    const dialect = defineDialect({ ...gatego, name: "ours" });
    const auth = createClient(options({ dialect, storage: "memory" }));
    await auth.login(stage.demo.credentials("gatego", "grace"));
    assert.equal((await auth.fetch("/me")).status, 200);
    auth.dispose();
  });

  test("a custom fetch is the one that is used", async () => {
    const asked = [];
    const watched = (input, init) => (asked.push(String(input)), fetch(input, init));
    const auth = createClient(options({ storage: "memory", fetch: watched }));
    await auth.login(stage.demo.credentials("gatego", "ada"));
    await auth.fetch("/me");
    assert.deepEqual(asked.map((it) => new URL(it).pathname), ["/gatego/auth/login", "/gatego/me"]);
    auth.dispose();
  });
});

describe("a client", () => {
  test("has methods that need no object", async () => {
    const { login, fetch, token, logout, subscribe, getSnapshot, dispose } = createClient(options({ storage: "memory" }));
    const events = [];
    const stop = subscribe((_, { type }) => events.push(type));
    await login(stage.demo.credentials("gatego", "ada"));
    assert.equal((await fetch("/me")).status, 200);
    assert.match(await token(), /^eyJ/);
    stop();
    await logout();
    assert.deepEqual(events.filter((it) => it !== "ready"), ["signed-in"]);
    assert.equal(getSnapshot().status, "signed-out");
    dispose();
  });

  test("keeps the identity of its state until something changes", async () => {
    const auth = createClient(options({ storage: "memory" }));
    await auth.login(stage.demo.credentials("gatego", "ada"));
    const before = auth.state;
    await auth.fetch("/me");
    assert.equal(auth.state, before);
    await auth.renew();
    assert.notEqual(auth.state, before);
    assert.throws(() => Object.assign(auth.state, { status: "signed-out" }), TypeError);
    auth.dispose();
  });

  test("that was disposed rejects with that code", async () => {
    const auth = createClient(options({ storage: "memory" }));
    auth.dispose();
    await assert.rejects(auth.login(stage.demo.credentials("gatego", "ada")), { code: "disposed" });
  });

  test("that was disposed after a login rejects with that code as well", async () => {
    const auth = createClient(options({ storage: "memory" }));
    await auth.login(stage.demo.credentials("gatego", "ada"));
    auth.dispose();
    await assert.rejects(auth.fetch("/me"), { code: "disposed" });
    await assert.rejects(auth.renew(), { code: "disposed" });
  });

  test("hands over what was answered to a call that was under way when it was disposed of", async () => {
    const auth = createClient(options({ storage: "memory", fetch: (input, init) => (String(input).endsWith("/me") ? refuse() : fetch(input, init)) }));
    const refuse = async () => (auth.dispose(), new Response(null, { status: 401 }));
    await auth.login(stage.demo.credentials("gatego", "ada"));
    assert.equal((await auth.fetch("/me")).status, 401);
  });

  test("can log in again from a listener", async () => {
    const auth = createClient(options({ storage: "memory" }));
    await auth.login(stage.demo.credentials("gatego", "ada"));
    const back = new Promise((resolve, reject) => {
      auth.subscribe((_, { type }) => {
        if (type === "signed-out") auth.login(stage.demo.credentials("gatego", "grace")).then(resolve, reject);
      });
    });
    await auth.logout();
    assert.equal((await back).status, "signed-in");
    auth.dispose();
  });

  test("goes on when a listener or a logger throws, and the app's own handler sees what was thrown", async () => {
    const source = `
      import { createClient } from "relatch";
      import { gatego } from "relatch/dialects";
      const thrown = new Set();
      process.on("uncaughtException", ({ message }) => thrown.add(message));
      const logger = () => { throw new Error("logger"); };
      const auth = createClient({ dialect: gatego, baseUrl: "${stage.gateway.api}/gatego", storage: "memory", logger });
      auth.subscribe(() => { throw new Error("listener"); });
      const { status } = await auth.login(${JSON.stringify(stage.demo.credentials("gatego", "ada"))});
      await new Promise((resolve) => setTimeout(resolve, 50));
      console.log(status, [...thrown].sort().join());
      auth.dispose();`;
    assert.equal(await module(source), "signed-in listener,logger");
  });
});

test("the log and the history of a whole life hold no secret", async () => {
  const log = [];
  const auth = createClient({
    dialect: investgo,
    baseUrl: `${stage.gateway.api}/investgo`,
    storage: "memory",
    renewal: { credentials: true },
    logger: (entry) => log.push(entry),
  });
  await auth.login(stage.demo.credentials("investgo", "ada"));
  await stage.demo.expire("investgo");
  await auth.fetch("/actual-usuario?secret=1");
  await auth.logout();
  stage.heard.push(...log.map((it) => JSON.stringify(it)), JSON.stringify(auth.history()));
  assert.ok(log.length >= 4 && !JSON.stringify(log).includes("secret=1"));
  assert.ok(auth.history().some(({ event }) => event === "signed-in"));
  auth.dispose();
});
