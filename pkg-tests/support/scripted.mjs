// An API that says what a test has written down, and notes what it was asked.

import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { after, afterEach, before } from "node:test";
import { createClient } from "relatch";
import { DEADLINE_MS } from "./deadline.mjs";

const LIMITED = { timeout: DEADLINE_MS };
const undo = [];

/** What tests of one file play with: `answers` by method and path, `seen`, and `client`. */
export function scripted() {
  const api = {
    seen: [],
    answers: {},

    /** What was asked of a path, in its order. */
    asked: (path) => api.seen.filter((it) => it.path === path),

    /** A client that is not signed in. */
    client(dialect, options) {
      const auth = createClient({ dialect, baseUrl: api.url, storage: "memory", ...options });
      undo.push(auth.dispose);
      return auth;
    },

    /** One that is, at an API that takes any login, unless the answers say otherwise. */
    async signedIn(dialect, options, credentials = ADA) {
      const auth = api.client(dialect, options);
      await auth.login(credentials);
      return auth;
    },
  };
  const server = createServer((request, response) => serve(api, request, response));
  before(async () => {
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    api.url = `http://127.0.0.1:${server.address().port}`;
  }, LIMITED);
  afterEach(() => {
    for (const it of undo.splice(0)) it();
    api.seen = [];
    api.answers = {};
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  }, LIMITED);
  return api;
}

export const ADA = { identifier: "ada", password: "pässwörd & co" };
export const TOKEN = "t0ken-1";

/** An API as plain as there are, for a test to say in what it differs. */
export const plain = ({ request, answer, ...rest } = {}) => ({
  relatch: 1,
  name: "plain",
  attach: [{ header: "Authorization", value: "Bearer {access_token}" }],
  login: {
    request: { method: "POST", path: "/login", json: { user: "{identifier}", pass: "{password}" }, ...request },
    answers: [
      { status: 200, ...(answer ?? { json: { token: "{access_token}" } }), means: "session" },
      { status: 401, means: "bad-credentials" },
    ],
  },
  refusals: [{ status: 401, means: "token-expired" }],
  ...rest,
});

async function serve({ seen, answers }, request, response) {
  const { pathname, search, searchParams } = new URL(request.url, "http://api");
  const asked = { method: request.method, path: pathname, search, query: Object.fromEntries(searchParams), headers: request.headers, body: await text(request) };
  seen.push(asked);
  const said = answers[`${request.method} ${pathname}`] ?? (pathname === "/login" ? { json: { token: TOKEN } } : {});
  const { status = 200, headers = {}, json, body = json === undefined ? "" : JSON.stringify(json) } = typeof said === "function" ? said(asked) : said;
  response.writeHead(status, headers).end(body);
}
