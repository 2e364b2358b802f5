// Directus on SQLite: its administrator is the account.

import { spawn, spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { freePort } from "../free-port.mjs";

const PROGRAM = join(dirname(createRequire(import.meta.url).resolve("directus/package.json")), "cli.js");
const port = await freePort();
const address = `http://127.0.0.1:${port}`;
const settings = {
  HOST: "127.0.0.1",
  PORT: String(port),
  PUBLIC_URL: address,
  // With a comma in it, Directus takes it for a list.
  SECRET: "a key for tests that is longer than thirty-two bytes",
  DB_CLIENT: "sqlite3",
  DB_FILENAME: "data.db",
  ADMIN_EMAIL: "ada@example.com",
  ADMIN_PASSWORD: "correct horse 9",
  ACCESS_TOKEN_TTL: "5s",
  // A session can be renewed only as long as it lasts.
  SESSION_COOKIE_TTL: "20s",
  REFRESH_TOKEN_TTL: "1h",
  TELEMETRY: "false",
};
const options = { env: { ...process.env, ...settings } };
spawnSync(process.execPath, [PROGRAM, "bootstrap"], { ...options, stdio: "ignore" });
const child = spawn(process.execPath, [PROGRAM, "start"], { ...options, stdio: ["ignore", "ignore", "inherit"] });
process.once("exit", () => child.kill("SIGKILL"));
child.once("exit", () => process.exit(1));
for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, () => process.exit(1));

while (!(await fetch(`${address}/server/ping`).catch(() => undefined))?.ok) await pause(100);
console.log(address);
