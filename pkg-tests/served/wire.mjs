// The `fetch` that a client is given here: the platform's, with what a page has beside it (cookies, an origin), which writes down what went
// over the wire.

import { CookieJar } from "./cookies.mjs";

/** Where secrets come: a header, and members of these names. */
const BEARER = "set-auth-token";
const SECRET = /token|jwt|access|refresh/i;

export class Wire {
  /** `{ what: "POST /login", status, url, headers }`, in their order. */
  exchanges = [];
  /** Every token and cookie that came, in any answer. */
  secrets = new Set();

  constructor(jar = new CookieJar()) {
    this.jar = jar;
  }

  fetch = async (input, init = {}) => {
    const url = new URL(input);
    const headers = new Headers(init.headers);
    // What a browser does without being asked.
    if (init.method !== "GET") headers.set("origin", url.origin);
    const cookies = init.credentials === "include" ? this.jar.of(url) : "";
    if (cookies) headers.set("cookie", cookies);
    const response = await fetch(url, { ...init, headers });
    if (init.credentials === "include") this.jar.take(url, response);
    this.exchanges.push({ what: `${init.method ?? "GET"} ${url.pathname}`, status: response.status, url, headers });
    await this.#learn(response.clone());
    return response;
  };

  /** How often that was asked, since the last clearing. */
  count = (what) => this.exchanges.filter((it) => it.what === what).length;

  clear() {
    this.exchanges.length = 0;
  }

  /** The last such exchange, with all that was sent. */
  last = (what) => this.exchanges.findLast((it) => it.what === what);

  /** Another one, with the same cookies. */
  copy = () => new Wire(this.jar.copy());

  async #learn(response) {
    for (const it of this.jar.secrets()) this.secrets.add(it);
    if (response.headers.has(BEARER)) this.secrets.add(response.headers.get(BEARER));
    const body = await response.json().catch(() => null);
    for (const [name, it] of Object.entries({ ...body, ...body?.data })) if (SECRET.test(name) && typeof it === "string" && it.length >= 16) this.secrets.add(it);
  }
}
