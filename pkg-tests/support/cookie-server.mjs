// An API whose sessions are cookies: one that no script sees, and one that a script has to send back in a header, or nothing is changed.

import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";

export const DIALECT = {
  relatch: 1,
  name: "cookies",
  attach: [{ cookies: true }],
  always: [{ header: "X-XSRF-TOKEN", value: { $cookie: "XSRF-TOKEN" } }],
  login: {
    before: [{ request: { method: "GET", path: "/csrf-cookie" }, answers: [{ status: 204, means: "done" }] }],
    request: { method: "POST", path: "/login", form: { user: "{identifier}", pass: "{password}" } },
    answers: [
      { json: { user: "{user}" }, means: "session" },
      { status: 422, means: "bad-credentials" },
    ],
  },
  operations: { logout: { attach: true, request: { method: "POST", path: "/logout" }, answers: [{ means: "done" }] } },
  refusals: [{ status: 401, means: "token-expired" }],
};

export const ADA = { identifier: "ada", password: "correct horse 9" };

export class CookieServer {
  /** The sessions that there are, by cookie. */
  sessions = new Set();
  seen = [];
  #server = createServer((request, response) => this.#serve(request, response));

  async open() {
    await new Promise((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    this.address = `http://127.0.0.1:${this.#server.address().port}`;
    return this;
  }

  close() {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #serve(request, response) {
    const { origin } = request.headers;
    const cors = {
      "access-control-allow-origin": origin ?? "*",
      "access-control-allow-credentials": "true",
      "access-control-allow-headers": "content-type, x-xsrf-token",
      "access-control-allow-methods": "GET, POST",
      vary: "origin",
    };
    const body = await text(request);
    if (request.method === "OPTIONS") return response.writeHead(204, cors).end();
    const { status = 200, json, cookies = [] } = this.#answer(request, body);
    response.writeHead(status, { ...cors, "set-cookie": cookies, ...(json && { "content-type": "application/json" }) }).end(json && JSON.stringify(json));
  }

  #answer({ method, url, headers }, body) {
    const cookies = Object.fromEntries((headers.cookie ?? "").split("; ").map((it) => it.split("=")));
    this.seen.push({ method, path: url, cookies, body });
    if (url === "/csrf-cookie") return { status: 204, cookies: [`XSRF-TOKEN=${encodeURIComponent(`${randomUUID()}==`)}; Path=/`] };
    if (method === "POST" && headers["x-xsrf-token"] !== decodeURIComponent(cookies["XSRF-TOKEN"] ?? "none")) return { status: 419 };
    if (url === "/login") return this.#login(new URLSearchParams(body));
    if (!this.sessions.has(cookies.sid)) return { status: 401 };
    if (url === "/logout") this.sessions.delete(cookies.sid);
    return url === "/logout" ? { status: 204, cookies: ["sid=; Path=/; Max-Age=0"] } : { json: { name: "ada", method } };
  }

  #login(form) {
    if (form.get("user") !== ADA.identifier || form.get("pass") !== ADA.password) return { status: 422 };
    const sid = randomUUID();
    this.sessions.add(sid);
    return { json: { user: { name: "ada" } }, cookies: [`sid=${sid}; Path=/; HttpOnly`] };
  }
}
