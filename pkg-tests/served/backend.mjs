// A server of somebody else's, started for the tests; it says on its standard output where it listens.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { endWithSignals } from "../support/program.mjs";

const HERE = import.meta.dirname;

/** The Python that has the packages of `requirements.txt`. */
const PYTHON = process.env.RELATCH_SERVED_PYTHON ?? join(HERE, "../../target/python/served/bin/python");

/** Starts the server of that folder, and gives its address. */
export async function start(folder) {
  endWithSignals();
  const python = join(HERE, folder, "server.py");
  const [program, file] = existsSync(python) ? [PYTHON, python] : [process.execPath, join(HERE, folder, "server.mjs")];
  const child = spawn(program, [file], { stdio: ["ignore", "pipe", "pipe"] });
  const stop = () => child.kill("SIGTERM");
  process.once("exit", stop);
  let complaint = "";
  child.stderr.on("data", (piece) => (complaint = (complaint + piece).slice(-2000)));
  const address = await Promise.race([
    firstAddress(createInterface(child.stdout)),
    new Promise((_, reject) => {
      child.once("error", reject);
      child.once("close", (code) => reject(new Error(`${folder} ended with ${code}: ${complaint}`)));
    }),
  ]);
  return { address, stop };
}

async function firstAddress(lines) {
  for await (const line of lines) if (line.startsWith("http://")) return line;
  // That it ended says more.
  return new Promise(() => {});
}
