// Tests, and what they wait for, with deadlines of their own. The runner's applies to whole files: one test that waits for ever would take
// all the others of its file with it, and its name would stay unknown.

import assert from "node:assert/strict";
import { test as unlimited } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

export const DEADLINE_MS = 60_000;
const EVENTUALLY_MS = 20_000;
const AGAIN_MS = 10;

/** @param {string} name @param {() => void | Promise<void>} body */
export const test = (name, body, timeout = DEADLINE_MS) => unlimited(name, { timeout }, body);

/** What the promise gives, if it does so in time. */
export function within(ms, promise) {
  let timer;
  const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(`it took longer than ${ms} ms`)), ms)));
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Asks again and again, until it holds or far too long has passed. */
export async function eventually(what, holds, ms = EVENTUALLY_MS) {
  const deadline = performance.now() + ms;
  while (performance.now() < deadline) {
    if (await holds()) return;
    // What is waited for may have to happen in this process.
    await pause(AGAIN_MS);
  }
  assert.fail(`it never came true that ${what}`);
}
