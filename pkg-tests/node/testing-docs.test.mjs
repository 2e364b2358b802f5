// The examples of `docs/testing.md` run, and pass, as they stand there.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { build } from "esbuild";
import { module } from "../support/process.mjs";

const PAGE = readFileSync(new URL("../../docs/testing.md", import.meta.url), "utf8");
const EXAMPLES = [...PAGE.matchAll(/<!-- run: (\S+) -->\n```js\n([^]*?)```/g)].map(([, runner, source]) => ({ runner, source }));

/** What the second example wants of Vitest, which is too large to be installed for a page of documentation. */
const VITEST = `
  import assert from "node:assert/strict";
  export { afterEach, beforeEach, test } from "node:test";
  const has = (given, members) => Object.entries(members).forEach(([name, it]) => assert.deepEqual(given[name], it));
  export const expect = (given) => ({
    toBe: (it) => assert.equal(given, it),
    toEqual: (it) => assert.deepEqual({ ...given }, it),
    toContain: (it) => assert.ok(given.includes(it)),
    rejects: { toMatchObject: async (it) => has(await given.then(assert.fail, (error) => error), it) },
  });`;

const vitest = {
  name: "vitest",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^vitest$/ }, ({ path }) => ({ path, namespace: "vitest" }));
    onLoad({ filter: /./, namespace: "vitest" }, () => ({ contents: VITEST }));
  },
};

for (const { runner, source } of EXAMPLES) {
  test(`the example for ${runner} passes`, async () => {
    const options = { bundle: true, format: "esm", platform: "node", packages: "external", write: false, plugins: [vitest] };
    const { outputFiles } = await build({ stdin: { contents: source, resolveDir: import.meta.dirname }, ...options });
    const report = await module(outputFiles[0].text);
    const counted = (what) => Number(report.match(new RegExp(`^(?:#|ℹ) ${what} (\\d+)$`, "m"))?.[1]);
    assert.deepEqual([counted("pass"), counted("fail")], [source.match(/^test\(/gm).length, 0], report);
  });
}

test("there is one for each runner that is named", () => assert.deepEqual(EXAMPLES.map(({ runner }) => runner), ["node:test", "vitest"]));
