// Packs the command: `node npm/cli/pack.mjs <program> <folder>`. Two tarballs come to lie in the folder, the launcher's and the one with
// that program, which is for the kind of machine that this runs on.

import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const LICENCES = ["LICENSE-APACHE", "LICENSE-MIT"];
const [program, folder] = process.argv.slice(2).map((it) => resolve(it));

const { optionalDependencies, ...launcher } = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));
const { version, license, repository } = launcher;
const name = `@relatch/cli-${process.platform}-${process.arch}`;
if (optionalDependencies[name] !== version) throw new Error(`npm/cli/package.json does not name ${name} ${version}`);

const executable = process.platform === "win32" ? "relatch.exe" : "relatch";
const machine = { name, version, description: "The `relatch` command for one kind of machine", license, repository, os: [process.platform], cpu: [process.arch], files: [executable, ...LICENCES], preferUnplugged: true };

rmSync(folder, { recursive: true, force: true });
pack("launcher", (into) => cpSync(here, into, { recursive: true }));
pack("program", (into) => {
  writeFileSync(join(into, "package.json"), `${JSON.stringify(machine, undefined, 2)}\n`);
  copyFileSync(program, join(into, executable));
  chmodSync(join(into, executable), 0o755);
});

function pack(title, fill) {
  const work = join(folder, title);
  mkdirSync(work, { recursive: true });
  fill(work);
  for (const licence of LICENCES) copyFileSync(join(here, "../..", licence), join(work, licence));
  execFileSync("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: work, stdio: ["ignore", "ignore", "inherit"], shell: process.platform === "win32" });
  rmSync(work, { recursive: true });
}
