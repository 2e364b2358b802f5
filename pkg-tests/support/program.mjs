// A program that tests start and that starts others, ended together with all of them: at the latest when this process ends, and also when
// one of them hangs.

import { spawn } from "node:child_process";

const running = new Set();

export class Program {
  /** Why it no longer runs, if it does not. */
  failure = undefined;

  /** Starts it; `pipes` is how many descriptors it gets from 3 on, to say something by. */
  constructor(path, options, { env = {}, pipes = 0 } = {}) {
    endWithSignals();
    const stdio = ["ignore", "ignore", "ignore", ...Array(pipes).fill("pipe")];
    // A process group of its own, so that nothing that it starts is overlooked.
    this.child = spawn(path, options, { detached: true, stdio, env: { ...process.env, ...env } });
    this.pipes = this.child.stdio.slice(3);
    running.add(this);
    this.gone = new Promise((resolve) => {
      this.child.once("exit", () => resolve(`${path} has ended`));
      this.child.once("error", (error) => resolve(`${path} cannot be started: ${error.message}`));
    });
    this.gone.then((why) => (this.failure = why));
  }

  async end() {
    this.kill();
    await this.gone;
  }

  kill() {
    // Once only: afterwards the number may be that of somebody else's processes.
    if (!running.delete(this)) return;
    try {
      process.kill(-this.child.pid, "SIGKILL");
    } catch {
      // All of them are gone.
    }
  }
}

process.once("exit", () => {
  for (const program of running) program.kill();
});

/** A file of tests that takes too long is ended by a signal, and would leave behind what it has started. */
export function endWithSignals() {
  if (process.listenerCount("SIGTERM") === 0) for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, () => process.exit(1));
}
