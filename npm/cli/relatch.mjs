#!/usr/bin/env node
// Starts the program for this machine, which is a package of its own: npm installs the one that fits, and leaves the others out.

import { spawn } from "node:child_process";
import { createRequire } from "node:module";

const NAME = `@relatch/cli-${process.platform}-${process.arch}`;

/** As the program itself has it: the command line is at fault, or something cannot be read. */
const CANNOT_START = 2;

function program() {
  try {
    return createRequire(import.meta.url).resolve(`${NAME}/relatch${process.platform === "win32" ? ".exe" : ""}`);
  } catch {
    fail(`there is no program for this machine: ${NAME} is not installed.
If npm was told to leave optional dependencies out, install it by name. Where there is none, build it: cargo install relatch-cli`);
  }
}

function fail(why) {
  console.error(`relatch: ${why}`);
  process.exit(CANNOT_START);
}

const child = spawn(program(), process.argv.slice(2), { stdio: "inherit" });
child.on("error", (error) => fail(`the program cannot be started: ${error.message}`));
// Whoever ends this one means the program, which may have something to put away first.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => {
  if (signal === null) process.exit(code);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
