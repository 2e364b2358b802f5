// The browser host's other half: what it asks of JavaScript, in JavaScript, which takes half the bytes that wasm would. It decides
// nothing. What a platform lacks or refuses is told as a failure; nothing is thrown.

/** What the host is told: `heard.rs` has the same numbers. */
const WOKE = 0, RETURNED = 1, LOADED = 2, SAVED = 3, LOCKED = 4, ANSWERED = 5, FAILED = 6;

/** What tells that the page, the machine or the network came back, or that the page is hidden now. All of them reach the global object. */
const RETURNS = ["visibilitychange", "pageshow", "focus", "online"];

/** The longest delay that `setTimeout` keeps. A timer cut to it proves nothing when it fires, like any other. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** A thousand years: what a session waits at the most is a small part of it. */
const MAX_SECS = 31_556_952_000;

/** Deeper values count as no JSON: reading them would use up the wasm's small stack. */
const MAX_DEPTH = 64;

/** No login answer is longer. */
const MAX_BODY = 1_048_576;

/** In lower case: so are the names of an answer's headers. */
const ATTEMPT = "idempotency-key", TYPE = "content-type";

export const encoder = new TextEncoder();

/** A value as JSON has it; `undefined` if it has none, as one that is in itself. */
export const copy = (value) => quietly(() => parse(JSON.stringify(value)));

/** The value of a JSON text; `undefined` if it is none. */
const parse = (text) => quietly(() => JSON.parse(text));

/** A message, as `message.rs` describes it, with these values. Its lengths are those of UTF-8. */
export const message = (...values) => values.map((it) => quietly(() => flat(it, MAX_DEPTH)) ?? "u:").join("");

/** What such a message of the wasm's says: as many values as there are in it. Its lengths are those of UTF-16. */
export function read(message) {
  let at = 0;
  const next = () => {
    const colon = message.indexOf(":", at);
    const [kind, number] = [message[at], message.slice(at + 1, colon)];
    at = colon + 1;
    if (kind === "n") return null;
    if (kind === "b") return number === "1";
    if (kind === "d") return new Float64Array(BigUint64Array.of(number).buffer)[0];
    if (kind === "s") return message.slice(at, (at += Number(number)));
    if (kind === "l") return all();
    if (kind === "o") return object(all());
  };
  const all = () => {
    const values = [];
    for (let value; at < message.length && (value = next()) !== undefined; ) values.push(value);
    return values;
  };
  return all();
}

/** Of names and values by turns. On one that is made in this way, `__proto__` is a name like any other. */
const object = (parts) => Object.fromEntries(parts.flatMap((name, at) => (at % 2 ? [] : [[name, parts[at + 1]]])));

/** For Rust: a JSON text as a message, and a message as JSON text. */
export const parsed = (text) => message(parse(text));
export const text = (message) => JSON.stringify(read(message)[0]);

/** By its place: the wall clock, a clock that never jumps, whether the page is hidden; random bits for any other. */
export const now = (what) =>
  what > 2 ? crypto.getRandomValues(new BigUint64Array(1))[0] : BigInt(Math.trunc([Date.now(), performance.now(), globalThis.document?.hidden === true][what]));

/**
 * What the host asks of its platform. The store's methods may answer with promises. The codec knows what is rare in requests and
 * answers; without one, they are made of JSON, forms, queries and headers.
 */
export function runtime(global, fetch, store, key, shared, codec) {
  const gone = new AbortController();
  const [wanted, held] = [{}, {}];
  let hear = () => {};
  let channel;
  let timer;

  const tell = (...told) => hear(message(...told));

  /** Tells whether the store has answered something, and what; nothing if it failed. */
  const ask = async (what, method, ...given) => {
    let told = [];
    try {
      const found = await store[method](key, ...given);
      told = [found !== undefined, parse(found)];
    } catch {}
    tell(what, ...told);
  };

  const load = () => ask(LOADED, "getItem");
  const save = (record) => ask(SAVED, "setItem", JSON.stringify(record));

  /**
   * Takes a lock by Web Locks, or tells that there are none. It is held for as long as the promise given back is pending.
   * No deadlines here: the session stops waiting when it has waited long enough, and its request has a deadline, which ends the
   * holding. What keeps two tabs from renewing one token is the record, read again once the lock is here.
   */
  const lock = async (asking) => {
    if (!shared) return tell(LOCKED, asking, true);
    const mine = (wanted[asking] = {});
    const hold = (release) => {
      held[asking] = release;
      tell(LOCKED, asking, true);
    };
    try {
      await global.navigator.locks.request(asking ? `${key}?` : key, () => (wanted[asking] === mine ? new Promise(hold) : undefined));
    } catch {
      if (wanted[asking] === mine) tell(LOCKED, asking, false);
    }
  };

  /** Lets a lock go, or stops waiting for it: one that is granted later will not be the one that is wanted. */
  const unlock = (asking) => {
    held[asking]?.();
    wanted[asking] = held[asking] = undefined;
  };

  // Without a channel, or with one that is closed already, nobody is told, which is all that can be done.
  const announce = (announcement) => quietly(() => channel.postMessage(JSON.stringify(announcement)));

  /** Sends a request, from `fetch` to the body's last byte under one deadline, which is the signal's. */
  const send = async (exchange, deadline, operation, method, url, parts, attached, attempt) => {
    let told;
    let signal;
    try {
      signal = global.AbortSignal.timeout(deadline);
      const made = codec ? await codec.parts(operation, parts, signal) : parts;
      const sent = drawn(method, url, made);
      await attach(sent, attached, codec, signal, made.headers);
      if (attempt) sent.init.headers.set(ATTEMPT, attempt);
      // A redirect is never followed, for it would take credentials elsewhere; "manual" and not "error", since the latter could not
      // be told from a network failure, which is tried again.
      const response = await fetch(sent.url.href, { credentials: "omit", ...sent.init, redirect: "manual", cache: "no-store", signal });
      told = [ANSWERED, exchange, operation, ...(response?.text ? await answer(response, operation, codec) : [])];
    } catch (error) {
      // Nobody but the deadline ends these. What a fetch rejects with says less: where a body breaks off, engines differ in it.
      told = [FAILED, exchange, operation, signal?.aborted || (codec?.failed(error) ? undefined : false)];
    }
    tell(...told);
  };

  /** Sets the one timer, or none. */
  const wake = (millis) => {
    global.clearTimeout(timer);
    if (millis === undefined) return;
    timer = global.setTimeout(() => tell(WOKE), Math.min(millis, MAX_DELAY_MS));
    // A timer of Node's keeps the process alive until told otherwise.
    timer?.unref?.();
  };

  const stop = () => {
    unlock(false);
    unlock(true);
    wake();
    gone.abort();
    quietly(() => channel.close());
    // It holds the host.
    hear = () => {};
  };

  // `host.rs` knows their places.
  const commands = [load, save, lock, unlock, announce, send, wake, stop];
  return {
    listen(heard) {
      hear = heard;
      if (shared) channel = quietly(() => new global.BroadcastChannel(key));
      // Only a tab's message has data. A server's global object takes no listeners.
      const listen = (target, event) => quietly(() => target.addEventListener(event, ({ data }) => tell(RETURNED, parse(data)), gone));
      listen(channel, "message");
      for (const event of RETURNS) listen(global, event);
    },
    obey(command, message) {
      commands[command](...read(message));
    },
  };
}

/** A request as its parts say. A content type of its own goes before that of its body. */
function drawn(method, url, { query, headers, json, form, body }) {
  const init = { method, headers: new Headers(headers), body: form ? new URLSearchParams(pairs(form)) : (JSON.stringify(json) ?? body) };
  if (json !== undefined && !init.headers.has(TYPE)) init.headers.set(TYPE, "application/json");
  const sent = { url: new URL(url), init };
  for (const [name, value] of pairs(query)) sent.url.searchParams.append(name, value);
  return sent;
}

/** Names and values, those of a list one by one. */
const pairs = (values = {}) => Object.entries(values).flatMap(([name, value]) => [value].flat().map((it) => [name, it]));

/**
 * Puts into a request what goes along with it, in place of what it has under those names, but for headers that the document names for
 * that very request. Where it is not headers, the codec does it.
 */
export async function attach(sent, elements, codec, signal, named) {
  const own = named && new Headers(named);
  for (const element of elements) {
    const { header, value, cookies } = codec ? await codec.element(element, sent, signal) : element;
    if (header && !own?.has(header)) sent.init.headers.set(header, value);
    if (cookies) sent.init.credentials ??= "include";
  }
}

/** Its status, its `Retry-After`, whether the server honours attempt keys, its date, and what a document can speak about. */
async function answer(response, operation, codec) {
  const parts = await partsOf(response, MAX_BODY, operation, codec);
  const { headers } = parts;
  const date = Date.parse(headers.date);
  return [response.status, retryAfter(headers["retry-after"]), ATTEMPT in headers, date || undefined, parts];
}

/** Headers by their names in lower case, and the body, as far as a document can speak about them; a longer body than that is none. */
export async function partsOf(response, most, operation, codec) {
  // Not all that stands in for a platform's fetch has headers, or a body to be read piece by piece.
  const headers = quietly(() => Object.fromEntries(response.headers)) ?? {};
  const text = most ? await textOf(response, most) : undefined;
  const json = parse(text);
  const parts = json === undefined ? { headers } : { headers, json };
  return codec ? codec.answer(operation, parts, text) : parts;
}

async function textOf(response, most) {
  const reader = response.body?.getReader?.();
  const decoder = new TextDecoder();
  let text = reader ? "" : await response.text();
  for (let chunk; reader && !(chunk = await reader.read()).done; ) {
    text += decoder.decode(chunk.value, { stream: true });
    if (text.length > most) break;
  }
  reader?.cancel().catch(() => {});
  return text.length > most ? undefined : text;
}

/** `Retry-After` in milliseconds from now, in both of its forms (RFC 9110 section 10.2.3); `undefined` for any other. */
function retryAfter(header) {
  const millis = /^\d+$/.test(header) ? Math.min(header, MAX_SECS) * 1000 : Math.max(Date.parse(header) - Date.now(), 0);
  return Number.isNaN(millis) ? undefined : millis;
}

/** Numbers go as their bits: to read decimal fractions would take more wasm than all else here. */
function flat(value, depth) {
  if (!depth) throw new RangeError();
  const all = (kind, list) => `${kind}:${list.map((it) => flat(it, depth - 1)).join("")}u:`;
  if (typeof value === "string") return `s${encoder.encode(value).length}:${value}`;
  if (typeof value === "number") return `d${new BigUint64Array(Float64Array.of(value).buffer)[0]}:`;
  if (typeof value === "boolean") return `b${+value}:`;
  if (Array.isArray(value)) return all("l", value);
  if (typeof value === "object") return value ? all("o", Object.entries(value).flat()) : "n:";
  return "u:";
}

function quietly(work) {
  try {
    return work();
  } catch {}
}
