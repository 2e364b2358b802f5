// An API in GateGo's dialect that forgives nothing: whoever uses a refresh token a second time loses the session, and it announces no attempt
// keys, so that nothing tells a lost answer from a theft. It stands where the demo server stands otherwise, and counts.

import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";

const REALM = { name: "gatego", mount: "/gatego", profile: "/me" };
const PASSWORD = "correct horse 9";
const LIFETIME_SECS = 3600;
const CORS = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers": "authorization, content-type",
  "access-control-max-age": "600",
};

export class StrictServer {
  config = { password: PASSWORD };
  /** Access tokens that are good, and all refresh tokens there ever were: `{ session, spent }`. */
  #access = new Map();
  #refresh = new Map();
  #delay;

  static async start() {
    const server = new StrictServer();
    server.reset();
    server.http = createServer((request, response) => server.#serve(request, response));
    await new Promise((resolve) => server.http.listen(0, "127.0.0.1", resolve));
    server.address = `http://127.0.0.1:${server.http.address().port}`;
    return server;
  }

  stop() {
    this.http.closeAllConnections();
    return new Promise((resolve) => this.http.close(resolve));
  }

  realm = () => REALM;
  credentials = (_, username) => ({ identifier: username, password: PASSWORD });

  /** Forgets everybody, and how often it was asked. */
  reset() {
    this.#access.clear();
    this.#refresh.clear();
    this.renewals = 0;
    this.doubleSends = 0;
    this.delay(() => 0);
  }

  /** Every access token there is ends now. */
  expire() {
    this.#access.clear();
  }

  /** From now on an answer to that path comes so many milliseconds after the server has acted. */
  delay(millis) {
    this.#delay = millis;
  }

  async #serve(request, response) {
    if (request.method === "OPTIONS") return response.writeHead(204, CORS).end();
    const { status, body } = await this.#answer(request).catch(() => refused(400, "malformed-request"));
    await pause(this.#delay(request.url));
    response.writeHead(status, { ...CORS, "content-type": "application/json" }).end(body && JSON.stringify(body));
  }

  async #answer(request) {
    const { pathname } = new URL(request.url, this.address);
    const answer = this.#routes[`${request.method} ${pathname}`] ?? (() => refused(404, "not-found"));
    const [, bearer] = (request.headers.authorization ?? "").split(" ");
    return answer(request.method === "POST" ? await json(request).catch(() => ({})) : {}, this.#access.get(bearer));
  }

  #routes = {
    "POST /gatego/auth/login": ({ username, password }) =>
      password === PASSWORD ? this.#tokens({ username }) : refused(401, "bad-credentials", "Invalid username and/or password"),
    "POST /gatego/auth/refresh-token": ({ refresh_token }) => this.#renew(this.#refresh.get(refresh_token)),
    "GET /gatego/me": (_, session) => (isGood(session) ? { status: 200, body: { username: session.username } } : EXPIRED),
    "POST /gatego/logout": (_, session) => {
      if (session) session.ended = true;
      return { status: 204 };
    },
  };

  #renew(token) {
    if (!isGood(token?.session)) return EXPIRED;
    if (token.spent) {
      this.doubleSends += 1;
      token.session.ended = true;
      return EXPIRED;
    }
    token.spent = true;
    this.renewals += 1;
    return this.#tokens(token.session);
  }

  #tokens(session) {
    const [access, refresh_token] = [accessToken(), randomUUID()];
    this.#access.set(access, session);
    this.#refresh.set(refresh_token, { session, spent: false });
    return { status: 200, body: { access_token: access, jwt_token: access, refresh_token } };
  }
}

const isGood = (session) => session !== undefined && !session.ended;

function refused(status, error_code, message = error_code) {
  return { status, body: { error_code, extra_attributes: {}, trace_id: randomUUID(), message } };
}

const EXPIRED = refused(401, "token-expired", "JWT token expired");

/** Signed by nobody: who reads it here looks it up. */
function accessToken() {
  const iat = Math.floor(Date.now() / 1000);
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return [part({ alg: "HS256" }), part({ iat, exp: iat + LIFETIME_SECS, jti: randomUUID() }), randomUUID()].join(".");
}
