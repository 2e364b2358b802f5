// A WebDriver program with its one session: the process, and the commands to it.

import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { Program } from "./program.mjs";

const READY_MS = 20_000;
const COMMAND_MS = 30_000;
const LEAVE_MS = 3_000;

export class WebDriverProcess {
  /** Starts it and begins its session, which starts a browser. Somebody else may take the port before the program does; hence twice. */
  static start(path, environment) {
    return WebDriverProcess.#start(path, environment).catch(() => WebDriverProcess.#start(path, environment));
  }

  static async #start(path, environment) {
    const port = await freePort();
    const program = new Program(path, [`--port=${port}`], { env: environment });
    const driver = new WebDriverProcess(program, `http://127.0.0.1:${port}`);
    try {
      await driver.#ready();
      driver.session = await driver.#ask("POST", "session", { capabilities: {} }).then(({ sessionId }) => `session/${sessionId}`);
      return driver;
    } catch (error) {
      await driver.stop();
      throw error;
    }
  }

  constructor(program, address) {
    Object.assign(this, { program, address });
  }

  /** A command of the session. */
  ask(method, path, body) {
    return this.#ask(method, `${this.session}/${path}`, body);
  }

  async #ask(method, path, body, withinMs = COMMAND_MS) {
    const sent = method === "POST" ? { body: JSON.stringify(body), headers: { "content-type": "application/json" } } : {};
    const response = await fetch(`${this.address}/${path}`, { method, ...sent, signal: AbortSignal.timeout(withinMs) });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${method} ${path.split("/").slice(2).join("/")}: ${value.error}, ${value.message}`);
    return value;
  }

  async #ready() {
    const deadline = performance.now() + READY_MS;
    while (performance.now() < deadline && !this.program.failure) {
      if (await this.#ask("GET", "status").then(() => true, () => false)) return;
      await pause(20);
    }
    throw new Error(this.program.failure ?? "the WebDriver program does not answer");
  }

  /** Ends the browser by asking, so that its processes are waited for by those who started them; and if it hangs, all the same. */
  async stop() {
    if (this.session) await this.#ask("DELETE", this.session, undefined, LEAVE_MS).catch(() => {});
    await this.program.end();
  }
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
