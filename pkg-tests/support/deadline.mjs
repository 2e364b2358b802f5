// `test` with a deadline of its own. The runner's applies to whole files: one test that waits for ever would take all the others of its
// file with it, and its name would stay unknown.

import { test as unlimited } from "node:test";

const DEADLINE_MS = 60_000;

/** @param {string} name @param {() => void | Promise<void>} body */
export const test = (name, body) => unlimited(name, { timeout: DEADLINE_MS }, body);
