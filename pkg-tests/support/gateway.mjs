// What stands in front of the demo server, as an app's own servers would: one port gives out the blank test page and the installed
// package, another one, so that CORS is real, hands everything on to the demo. It sees what the network sees, adds endpoints
// that the demo has no use for, and can hold an answer back.

import { createReadStream, existsSync } from "node:fs";
import { createServer, request as ask } from "node:http";
import { extname, join, normalize } from "node:path";
import { buffer } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const SOAK = fileURLToPath(new URL("../soak/", import.meta.url));
const PACKAGE = fileURLToPath(new URL("../node_modules/relatch/", import.meta.url));
const TYPES = { ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm", ".html": "text/html" };
// As strict as a page can be that runs wasm; what the tests have the page do may come from another port.
const POLICY =
  "default-src 'none'; script-src 'self' http://127.0.0.1:* 'wasm-unsafe-eval'; connect-src 'self' http://127.0.0.1:* ws://127.0.0.1:*; img-src data:";
const PAGE =
  '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>Tests</title><script src="/overhear.js"></script>';

export class Gateway {
  /** Every request to the API: `{ method, path, bearer, body }`. */
  seen = [];
  /** Every token that was given out. */
  tokens = new Set();
  #held = [];
  #instead = new Map();
  #servers = [];

  /** @param {string} demo where the demo server listens */
  constructor(demo) {
    this.demo = new URL(demo);
  }

  async open() {
    this.page = await this.#listen((request, response) => this.#serve(request, response));
    this.api = await this.#listen((request, response) => this.#pass(request, response));
    return this;
  }

  close() {
    for (const server of this.#servers) {
      server.closeAllConnections();
      server.close();
    }
  }

  async #listen(handler) {
    const server = createServer(handler);
    this.#servers.push(server);
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${server.address().port}`;
  }

  /** Keeps the next answer for that method and path back; `arrived` resolves when it is there. */
  hold(method, path) {
    const held = { method, path };
    held.arrived = new Promise((resolve) => (held.arrive = resolve));
    held.released = new Promise((resolve) => (held.release = resolve));
    this.#held.push(held);
    return held;
  }

  /** Lets the API answer otherwise: `change` gets the demo's own answer and gives another one. */
  instead(method, path, change) {
    this.#instead.set(`${method} ${path}`, change);
  }

  /** How often that was asked, without preflights. */
  count(method, path) {
    return this.seen.filter((it) => it.method === method && it.path === path).length;
  }

  /** Begins anew with what was seen. */
  forget() {
    this.seen.length = 0;
  }

  /** Answers as the demo does, at once. */
  reset() {
    this.forget();
    this.#instead.clear();
    for (const held of this.#held.splice(0)) held.release();
  }

  #serve(request, response) {
    const path = normalize(decodeURIComponent(new URL(request.url, this.page).pathname));
    const file = fileAt(path);
    if (path === "/") return response.writeHead(200, { "content-type": "text/html", "content-security-policy": POLICY }).end(PAGE);
    if (!existsSync(file)) return response.writeHead(404).end();
    response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
    createReadStream(file).pipe(response);
  }

  async #pass(request, response) {
    const body = await buffer(request);
    const path = new URL(request.url, this.api).pathname;
    this.#note(request, path, body);
    const change = this.#instead.get(`${request.method} ${path}`) ?? ((answer) => answer);
    const answer = await this.#answer(request, path, body).then(change).catch(() => null);
    const held = this.#held.find((it) => it.method === request.method && it.path === path);
    if (held) {
      this.#held.splice(this.#held.indexOf(held), 1);
      held.arrive();
      await held.released;
    }
    // The demo closed the connection without an answer; so does this.
    if (answer === null) return response.destroy();
    response.writeHead(answer.status, answer.headers);
    if (answer.drips) return this.#drip(response);
    response.end(answer.body);
  }

  #note({ method, headers }, path, body) {
    if (method === "OPTIONS") return;
    const bearer = headers.authorization ?? null;
    this.seen.push({ method, path, bearer, body: body.toString(), headers });
  }

  async #answer(request, path, body) {
    const [, realm, name] = path.split("/");
    const own = request.method === "OPTIONS" ? undefined : OWN[name];
    const answer = await this.#forward(request, own ? { ...own, path: `/${realm}${profileOf(realm)}` } : {}, body);
    for (const [token] of answer.body.toString().matchAll(/eyJ[\w-]+\.[\w-]+\.[\w-]+|(?<="refresh_token":")[^"]+/g)) this.tokens.add(token);
    return own && answer.status === 200 ? own.answer({ request, realm, body, answer }) : answer;
  }

  // An endpoint of the gateway's own is guarded by asking the demo for the profile with the same headers.
  #forward({ method, url, headers }, { path }, body) {
    const { "content-length": _, "transfer-encoding": __, ...rest } = headers;
    const options = path
      ? { method: "GET", path, headers: rest }
      : { method, path: url, headers: { ...rest, ...(body.length > 0 && { "content-length": body.length }) } };
    return new Promise((resolve, reject) => {
      const forwarded = ask({ host: this.demo.hostname, port: this.demo.port, ...options }, async (answer) => {
        const { "content-length": _, "transfer-encoding": __, connection: ___, ...headers } = answer.headers;
        resolve({ status: answer.statusCode, headers, body: await buffer(answer) });
      });
      forwarded.on("error", reject);
      forwarded.end(path ? undefined : body);
    });
  }

  // Never ends by itself.
  #drip(response) {
    const timer = setInterval(() => response.write("drop"), 20);
    response.on("close", () => clearInterval(timer));
  }
}

const FOLDERS = { npm: PACKAGE, soak: SOAK };

function fileAt(path) {
  const [, first, ...rest] = path.split("/");
  return first in FOLDERS ? join(FOLDERS[first], ...rest) : join(HERE, path);
}

const profileOf = (realm) => (realm === "investgo" ? "/actual-usuario" : "/me");

// Endpoints below every realm that the demo has no use for; reached by whoever may see the profile.
const OWN = {
  transfers: {
    answer: ({ request, body, answer }) => ({
      ...answer,
      body: JSON.stringify({ method: request.method, type: request.headers["content-type"] ?? null, body: body.toString() }),
    }),
  },
  drip: { answer: ({ answer }) => ({ ...answer, headers: { ...answer.headers, "content-type": "text/plain" }, drips: true }) },
  moved: {
    answer: ({ answer, realm }) => ({ ...answer, status: 302, headers: { ...answer.headers, location: `/${realm}${profileOf(realm)}` }, body: "" }),
  },
};
