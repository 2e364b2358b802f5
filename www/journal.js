// The page's memory of what happened: requests, events of the session, what the visitor did, and which token was good
// when. Redacted where it is written: no body, no header and no token ever enters it.

const MAX_ENTRIES = 200;
const MAX_TOKENS = 40;
const SAME_BURST_MS = 1000;

/** Collects entries and tells its listeners of each change. */
export class Journal {
  /** Each token's life, in milliseconds since the epoch: `{ number, from, until, replaced }`. */
  tokens = [];
  renewals = 0;
  #entries = [];
  #listener = () => {};
  #numbers = new Map();
  #home;

  /** @param {string} home the API's base URL, which the paths leave out */
  constructor(home) {
    this.#home = new URL(home).pathname;
  }

  get entries() {
    return this.#entries;
  }

  /** @param {(entry: object) => void} listener called with each entry that is new or has changed; there is one */
  listen(listener) {
    this.#listener = listener;
  }

  /** Something the session said, or the visitor did. */
  note(kind, text, tone = "plain") {
    const at = Date.now();
    const last = this.#entries.at(-1);
    if (last?.text !== text || at - last.at >= SAME_BURST_MS) return this.#add({ kind, text, tone, at, times: 1 });
    last.times += 1;
    this.#tell(last);
  }

  /** A token that came, and until when it is good; `null` for unknown or endless. */
  begin(from, until) {
    this.tokens.push({ number: (this.tokens.at(-1)?.number ?? 0) + 1, from, until, replaced: null });
    if (this.tokens.length > MAX_TOKENS) this.tokens.shift();
  }

  /** The newest token is no longer in use. */
  end() {
    const last = this.tokens.at(-1);
    if (last !== undefined) last.replaced ??= Date.now();
  }

  /** A `fetch` that writes down each request: method, path, which token, status, duration. */
  watch(fetch) {
    return async (input, init) => {
      const [entry, call] = this.#start(facts(input, init, this.#home));
      try {
        const response = await fetch(input, init);
        this.#finish(entry, call, response.status);
        return response;
      } catch (error) {
        this.#finish(entry, call, error?.name === "AbortError" ? "aborted" : "no answer");
        throw error;
      }
    };
  }

  // Twenty calls of one moment are one line: a story of three lines is read, one of forty-one is not.
  #start({ method, path, headers }) {
    const at = Date.now();
    const key = [method, path, this.#tokenNumber(headers)];
    const last = this.#entries.at(-1);
    const joins = last?.kind === "request" && String(last.key) === String(key) && at - last.at < SAME_BURST_MS;
    const entry = joins ? last : { kind: "request", key, method: key[0], path: key[1], token: key[2], at, calls: [] };
    const call = { at, started: performance.now(), status: null, ms: null };
    entry.calls.push(call);
    if (joins) this.#tell(entry);
    else this.#add(entry);
    return [entry, call];
  }

  #finish(entry, call, status) {
    call.status = status;
    call.ms = performance.now() - call.started;
    this.#tell(entry);
  }

  // Tokens are told apart by a fingerprint and shown as a running number; the token itself is not kept.
  #tokenNumber(headers) {
    const header = headers.get("authorization");
    if (header === null) return null;
    const print = fingerprint(header);
    if (!this.#numbers.has(print)) this.#numbers.set(print, this.#nextNumber());
    return this.#numbers.get(print);
  }

  // A token may be replaced before any call carries it, and a call may leave before the session's event arrives.
  #nextNumber() {
    return Math.max(this.tokens.at(-1)?.number ?? 1, 1 + Math.max(0, ...this.#numbers.values()));
  }

  #add(entry) {
    this.#entries.push(entry);
    if (this.#entries.length > MAX_ENTRIES) this.#entries.shift();
    this.#tell(entry);
  }

  #tell(entry) {
    this.#listener(entry);
  }
}

// Read off the arguments: a `Request` made from them would use up their body.
function facts(input, init, home) {
  const given = input instanceof Request ? input : { url: new URL(input, location.href).href };
  const method = (init?.method ?? given.method ?? "GET").toUpperCase();
  const { pathname } = new URL(given.url);
  const path = pathname.startsWith(home) ? pathname.slice(home.length) : pathname;
  return { method, path, headers: new Headers(init?.headers ?? given.headers) };
}

// FNV-1a over 32 bits: enough to tell a page's few tokens apart, and it cannot be turned back into one.
function fingerprint(text) {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
