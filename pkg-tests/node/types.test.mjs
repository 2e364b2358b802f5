// The declarations that are published.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT } from "../support/package.mjs";

const declarations = () => readdirSync(join(ROOT, "dist"), { recursive: true }).filter((file) => file.endsWith(".d.ts"));

test("no declaration says any", () => {
  assert.ok(declarations().length > 0);
  for (const file of declarations()) {
    const code = readFileSync(join(ROOT, "dist", file), "utf8").replace(/\/\*[^]*?\*\/|\/\/.*$/gm, "");
    assert.doesNotMatch(code, /\bany\b/, file);
  }
});
