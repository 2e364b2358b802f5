// A server of somebody else's, started for the tests; it says on its standard output where it listens.

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { endWithSignals } from "../support/program.mjs";

const HERE = import.meta.dirname;

/** The Python that has the packages of `requirements.txt`. */
const PYTHON = process.env.RELATCH_SERVED_PYTHON ?? join(HERE, "../../target/python/served/bin/python");

/** Starts the server of that folder, in an empty directory, and gives its address. */
export async function start(folder) {
  endWithSignals();
  const python = join(HERE, folder, "server.py");
  const [program, file] = existsSync(python) ? [PYTHON, python] : [process.execPath, join(HERE, folder, "server.mjs")];
  const directory = mkdtempSync(join(tmpdir(), `relatch-${folder}-`));
  const child = spawn(program, [file], { cwd: directory, stdio: ["ignore", "pipe", "pipe"] });
  const gone = new Promise((resolve) => child.once("close", resolve).once("error", resolve));
  const leave = () => rmSync(directory, { recursive: true, force: true });
  process.once("exit", () => (child.kill(), leave()));
  let complaint = "";
  child.stderr.on("data", (piece) => (complaint = (complaint + piece).slice(-2000)));
  const ended = gone.then((how) => Promise.reject(new Error(`${folder} ended, ${how}: ${complaint}`)));
  ended.catch(() => {});
  const address = await Promise.race([firstAddress(createInterface(child.stdout)), ended]);
  return { address, stop: () => (child.kill(), gone.then(leave)) };
}

async function firstAddress(lines) {
  for await (const line of lines) if (line.startsWith("http://")) return line;
  // That it ended says more.
  return new Promise(() => {});
}
