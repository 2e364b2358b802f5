// Modules in a process of their own, where nothing of the tests has touched a global.

import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";

/** Runs a module, and gives what it prints. It comes by standard input: a whole bundle is too long for a command line. */
export async function module(source) {
  // By this a process knows that it is a test runner's own, and would report to that instead of printing.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const child = spawn(process.execPath, ["--input-type=module"], { cwd: import.meta.dirname, env, stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.end(source);
  const [out, complaint, code] = await Promise.all([text(child.stdout), text(child.stderr), new Promise((resolve) => child.once("close", resolve))]);
  if (code !== 0) throw new Error(`the process ended with ${code}: ${complaint}`);
  return out.trim();
}
