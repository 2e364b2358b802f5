// A TCP proxy in front of a server, with faults on purpose: what networks, proxies and hotels do to connections. It hands on the very bytes,
// and looks into them no further than to tell one request and its answer from the next, since a browser keeps a connection for many.
//
// A browser sends a request once more by itself if a connection that it has used before ends without a byte of an answer. Who wants it to
// fail for the page injects `cut-short`.

import { createServer, connect } from "node:net";
import { AnswerEnd, requestLine } from "./http-framing.mjs";

const PORTAL = "<!doctype html><title>Welcome</title><p>Accept the terms to go online.";
const PORTAL_ANSWER = [
  "HTTP/1.1 200 OK",
  "content-type: text/html",
  // The page could not see it otherwise.
  "access-control-allow-origin: *",
  "connection: close",
  `content-length: ${PORTAL.length}`,
  "",
  PORTAL,
].join("\r\n");

/** What becomes of a request: each decides whether the server gets it, and what of the whole answer is handed on. */
const FAULTS = {
  /** The connection is reset before the request reaches the server. */
  reset: { instead: (talk) => talk.reset() },
  /** Nobody ever answers, and the server knows nothing of it. */
  "black-hole": { instead: () => {} },
  /** A captive portal answers. */
  garbage: { instead: (talk) => talk.client.end(PORTAL_ANSWER) },
  /** The server has acted and answered; the connection is reset without a byte of that. */
  cut: { answered: (talk) => talk.reset() },
  /** The same, after the first half of the answer. */
  "cut-short": { answered: (talk, answer) => talk.say(answer.subarray(0, answer.length / 2), () => talk.reset()) },
  /** The server has acted, and nobody ever hears of it. */
  swallow: { answered: () => {} },
  /** The answer comes after `delayMs`. */
  delay: { answered: (talk, answer, { delayMs }) => setTimeout(() => talk.say(answer), delayMs) },
};

/** Preflights are the browser's own: as a rule it is the request behind one that is to fail. */
const anyRequest = ({ method }) => method !== "OPTIONS";

export class TcpProxy {
  /** How often each fault has happened: `{ cut: 1 }`. */
  counts = {};
  #talks = new Set();
  #injected = [];

  /** Starts one in front of a server's address; `port` is free unless given. */
  static async open(address, port = 0) {
    const proxy = new TcpProxy(new URL(address));
    await proxy.#listen(port);
    return proxy;
  }

  constructor(target) {
    this.target = target;
  }

  get address() {
    return `http://127.0.0.1:${this.port}`;
  }

  /**
   * Lets a fault happen to the next `times` requests that are `on`, or to all until it is stopped. Gives `count`, how often it has happened,
   * `met`, a promise of the first time, and `stop`. What was injected first happens first.
   */
  inject(fault, { times = Infinity, on = anyRequest, ...how } = {}) {
    const injected = { ...FAULTS[fault], fault, times, on, how, count: 0 };
    injected.met = new Promise((resolve) => (injected.meet = resolve));
    injected.stop = () => (injected.times = 0);
    this.#injected = this.#injected.filter((it) => it.count < it.times);
    this.#injected.push(injected);
    return injected;
  }

  /** No fault happens any more, and connections are accepted. */
  async clear() {
    for (const injected of this.#injected.splice(0)) injected.stop();
    await this.accept();
  }

  /** Refuses every connection, and resets those that there are: offline. */
  async refuse() {
    if (!this.server) return;
    const { server } = this;
    this.server = undefined;
    this.counts.refuse = (this.counts.refuse ?? 0) + 1;
    const closed = new Promise((resolve) => server.close(resolve));
    this.resetAll();
    await closed;
  }

  /** Accepts connections again. */
  async accept() {
    if (!this.server) await this.#listen(this.port);
  }

  resetAll() {
    for (const talk of this.#talks) talk.reset();
  }

  close() {
    return this.refuse();
  }

  async #listen(port) {
    const server = createServer({ noDelay: true }, (client) => this.#talk(client));
    await new Promise((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
    this.server = server;
    this.port = server.address().port;
  }

  #talk(client) {
    const talk = new Talk(client, this.target, (request) => this.#choose(request));
    this.#talks.add(talk);
    client.on("close", () => this.#talks.delete(talk));
  }

  #choose(request) {
    const injected = this.#injected.find((it) => it.count < it.times && it.on(request));
    if (!injected) return undefined;
    injected.count += 1;
    this.counts[injected.fault] = (this.counts[injected.fault] ?? 0) + 1;
    injected.meet();
    return injected;
  }
}

/** A client's connection, and the one to the server behind it. */
class Talk {
  #answer;
  #fault;

  constructor(client, target, choose) {
    this.client = client;
    this.server = connect({ host: target.hostname, port: target.port, noDelay: true });
    client.on("data", (bytes) => this.#asked(bytes, choose));
    this.server.on("data", (bytes) => this.#answered(bytes));
    for (const [end, other] of [[client, this.server], [this.server, client]]) {
      end.on("end", () => other.end());
      // A server that is down looks no different from one that is up and resets.
      end.on("error", () => reset(other));
      end.on("close", () => other.destroySoon());
    }
  }

  say(bytes, then) {
    this.client.write(bytes, then);
  }

  reset() {
    reset(this.client);
    this.server.destroy();
  }

  // One request at a time is on its way: browsers do not pipeline.
  #asked(bytes, choose) {
    if (!this.#answer) {
      this.#answer = new AnswerEnd();
      this.#fault = choose(requestLine(bytes));
      if (this.#fault?.instead) this.#fault.instead(this);
    }
    if (!this.#fault?.instead) this.server.write(bytes);
  }

  #answered(bytes) {
    const fault = this.#fault;
    if (!fault) this.client.write(bytes);
    const whole = this.#answer?.take(bytes);
    if (!whole) return;
    this.#answer = undefined;
    fault?.answered(this, whole, fault.how);
  }
}

// A socket that has begun to end by itself cannot be reset any more, and Node 20 would wait for it when the process ends, for ever.
const reset = (socket) => (socket.writableEnded ? socket.destroy() : socket.resetAndDestroy());
