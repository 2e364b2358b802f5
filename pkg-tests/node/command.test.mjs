// The `relatch` command as npm brings it: a launcher, and a package with the program for one kind of machine.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, describe } from "node:test";
import { test } from "../support/deadline.mjs";

const NPM = new URL("../../npm/", import.meta.url);
const manifest = (file) => JSON.parse(readFileSync(new URL(file, NPM), "utf8"));

describe("the command by npm", () => {
  let folder, tarballs;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "relatch-command-"));
    execFileSync(process.execPath, [new URL("cli/pack.mjs", NPM).pathname, process.env.RELATCH_COMMAND, join(folder, "packed")]);
    tarballs = readdirSync(join(folder, "packed")).sort().map((it) => join(folder, "packed", it));
    writeFileSync(join(folder, "package.json"), '{ "private": true }');
    install(tarballs);
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  // Without a network: what is not for this machine is not looked for.
  const install = (packages) => execFileSync("npm", ["install", "--offline", "--no-audit", "--no-fund", "--loglevel=error", ...packages], { cwd: folder });

  async function relatch(args, input = "") {
    const child = spawn("npx", ["--no-install", "relatch", ...args], { cwd: folder, stdio: "pipe" });
    child.stdin.end(input);
    const ended = new Promise((resolve) => child.once("close", resolve));
    const [out, complaint, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    return { out, complaint, code };
  }

  test("checks a document: what it says, and how it ends, is the program's", async () => {
    const fine = await relatch(["dialect", "check", "gatego"]);
    assert.match(fine.out, /^gatego: fine/);
    assert.equal(fine.code, 0);
    const broken = await relatch(["dialect", "check", "-"], "{}");
    assert.match(broken.out + broken.complaint, /relatch is missing/);
    assert.equal(broken.code, 1);
    assert.equal((await relatch(["fly"])).code, 2);
  });

  test("ends with its launcher", async () => {
    const launcher = join(folder, "node_modules/@relatch/cli/relatch.mjs");
    const child = spawn(process.execPath, [launcher, "dialect", "mock", "gatego", "--port", "0"], { stdio: ["ignore", "pipe", "pipe"] });
    const said = await Promise.race([child.stdout, child.stderr].map((it) => new Promise((resolve) => it.once("data", resolve))));
    const url = /http:\/\/[\w.:[\]]+/.exec(String(said))[0];
    assert.equal((await fetch(`${url}/nothing`)).status, 404);
    child.kill("SIGTERM");
    await new Promise((resolve) => child.once("close", resolve));
    await assert.rejects(fetch(url), TypeError);
  });

  test("without the package for this machine it says which one that is", async () => {
    rmSync(join(folder, `node_modules/@relatch/cli-${process.platform}-${process.arch}`), { recursive: true });
    const { complaint, code } = await relatch(["--version"]);
    assert.match(complaint, new RegExp(`@relatch/cli-${process.platform}-${process.arch} is not installed`));
    assert.equal(code, 2);
  });

  test("has the version of the package that it is for, in all of its parts", () => {
    const { version } = manifest("package.json");
    const launcher = manifest("cli/package.json");
    assert.deepEqual([launcher.version, ...Object.values(launcher.optionalDependencies)], Array(6).fill(version));
  });

  test("nothing but the launcher is in its package", () => {
    const listed = execFileSync("tar", ["-tzf", tarballs.find((it) => /relatch-cli-\d/.test(it))], { encoding: "utf8" });
    assert.deepEqual(listed.trim().split("\n").sort(), ["LICENSE-APACHE", "LICENSE-MIT", "README.md", "package.json", "relatch.mjs"].map((it) => `package/${it}`));
  });
});
