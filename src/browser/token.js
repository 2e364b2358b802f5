// Reading a JSON Web Token without verifying it, by the platform's own parsers: what `src/claims.rs` does in other programs.

import { read } from "./runtime.js";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Header and claims of a token. Strict about its form, silent about its signature. Throws what else was expected. */
export function decode(token) {
  let expected = "three segments";
  try {
    const segments = split(token);
    expected = "canonical base64url";
    const [header, claims] = segments.map(bytes);
    expected = "UTF-8";
    const texts = [header, claims].map((it) => utf8.decode(it));
    expected = "JSON objects";
    return texts.map(object);
  } catch {
    throw new Error(`expected ${expected}`);
  }
}

/** A moment after this one was in milliseconds when it was taken for seconds: it is the year 5138. */
const MAX_MS = 1e14;

/** An end that is nearer, or past, says that one of two clocks is wrong. */
const LEAST_MS = 60_000;

/** What letters behind a number make of it, in milliseconds; without one it is seconds. */
const LETTERS = { m: 60_000, h: 3_600_000, d: 86_400_000 };

function seconds(told) {
  const [, digits, letter] = /^\s*(\d+(?:\.\d+)?)\s*([smhd]?)\s*$/.exec(told) ?? [];
  return digits * (LETTERS[letter] ?? 1000);
}

/** `exp − iat` and not `exp` alone, where there are both: they were set by one clock, which need not be ours. */
function stated(token, date) {
  try {
    const { exp, iat } = decode(token)[1];
    return iat === undefined ? until(epoch(exp), date) : epoch(exp) - epoch(iat);
  } catch {}
}

/** How long it is until then; NaN if it is too near. */
const until = (end, date = Date.now()) => (end - date < LEAST_MS ? NaN : end - date);

/** Of seconds, or milliseconds, since the epoch: of a number, or of the text of one. */
const epoch = (told) => seconds(told) / (seconds(told) > MAX_MS ? 1000 : 1);

const millis = (told) => (told > 0 && told <= Number.MAX_SAFE_INTEGER ? Math.floor(told) : 0);

const number = (told) => (/^\s*\d+(?:\.\d+)?\s*$/.test(told) ? Number(told) : NaN);

/** The other units of `docs/dialects/format.md` that count from now on, in milliseconds. */
const MILLIS = { millis: 1, minutes: 60_000, hours: 3_600_000, days: 86_400_000 };

/** With a blank for the T, and with any number of fraction digits, as databases write it. Without an offset it is UTC. */
const ISO8601 = /^\s*(\d{4}-\d\d-\d\d)(?:[T ](?!24)(\d\d:\d\d(?::\d\d)?)(?:[.,](\d+))? ?(?:Z|([+-]\d\d):?(\d\d)?)?)?\s*$/i;

/** The other form in which ends are written (RFC 9110 section 5.6.7). */
const HTTP_DATE = /^\w+, .* GMT$/;

/** The units that name an end, as milliseconds since the epoch; NaN for nonsense. */
const ends = {
  epoch,
  "epoch-millis": number,
  iso8601: (text) => {
    const [, day, time = "00:00", fraction = "", hours, minutes = "00"] = ISO8601.exec(text) ?? [];
    const zone = hours ? `${hours}:${minutes}` : "Z";
    return Date.parse(day ? `${day}T${time}${fraction && `.${fraction.slice(0, 3)}`}${zone}` : HTTP_DATE.exec(text)?.[0]);
  },
};

/**
 * How long a token lives from now on, in milliseconds; NaN if nobody says. By what its answer said; else by the token's own claims; else
 * by the document. What names an end, and not a duration, counts from the answer's date, or else from our own clock. What an endpoint
 * renews is forgotten when nobody calls: no token of such a session lives longer.
 */
export function lifetime(message) {
  const [document, captured, renews, date] = read(message);
  const { unit, jwt, after_secs, idle_secs } = document ?? {};
  const { expires: told, access_token } = captured;
  const said = unit in ends ? until(ends[unit](told), date) : unit in MILLIS ? number(told) * MILLIS[unit] : seconds(told);
  const best = millis(said) || millis(jwt && stated(access_token, date)) || after_secs * 1000;
  const idle = renews ? idle_secs * 1000 : NaN;
  return idle < best || Number.isNaN(best) ? idle : best;
}

function split(token) {
  const segments = token.split(".");
  if (segments.length !== 3) throw new Error();
  return segments;
}

/** Base64url without padding, and only as an encoder writes it (RFC 7515 section 2, RFC 4648 section 3.5). */
function bytes(segment) {
  const text = atob(segment.replace(/-/g, "+").replace(/_/g, "/"));
  if (btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "") !== segment) throw new Error();
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function object(text) {
  const value = JSON.parse(text);
  if (typeof value !== "object" || !value || Array.isArray(value)) throw new Error();
  return value;
}
