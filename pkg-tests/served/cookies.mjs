// As much of a browser's cookies (RFC 6265) as these servers use: paths, ends, and which of them a script may see. One host.

const jars = [];

/** What `document.cookie` says. All these jars are one page's: no two of these APIs let scripts see cookies. */
export const seenByScripts = () => jars.map((it) => it.seen()).join("; ");

export class CookieJar {
  #cookies;

  constructor(cookies = []) {
    this.#cookies = new Map(cookies);
    jars.push(this);
  }

  take(url, response) {
    for (const line of response.headers.getSetCookie()) this.#set(url, line);
  }

  #set(url, line) {
    const [pair, ...attributes] = line.split(";").map((it) => it.trim());
    const at = pair.indexOf("=");
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
    const given = Object.fromEntries(attributes.map((it) => [it.split("=")[0].toLowerCase(), it.split("=").slice(1).join("=")]));
    const path = given.path ?? (url.pathname.slice(0, url.pathname.lastIndexOf("/")) || "/");
    const ends = "max-age" in given ? Date.now() + Number(given["max-age"]) * 1000 : "expires" in given ? Date.parse(given.expires) : Infinity;
    if (ends <= Date.now()) this.#cookies.delete(`${name} ${path}`);
    else this.#cookies.set(`${name} ${path}`, { name, value, path, ends, hidden: "httponly" in given });
  }

  #alive = () => [...this.#cookies.values()].filter(({ ends }) => ends > Date.now());

  /** The header that goes with a request. */
  of = ({ pathname }) => text(this.#alive().filter(({ path }) => `${pathname}/`.startsWith(path.endsWith("/") ? path : `${path}/`)));

  /** Those that are not `HttpOnly`. */
  seen = () => text(this.#alive().filter(({ hidden }) => !hidden));

  secrets = () => this.#alive().map(({ value }) => value).filter((it) => it.length >= 16);

  copy = () => new CookieJar(this.#cookies);
}

const text = (cookies) => cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
