// Reading a JSON Web Token without verifying it, by the platform's own parsers: what `src/claims.rs` does in other programs.

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

/**
 * The lifetime that a token states about itself, `exp − iat`, in milliseconds; 0 if it states none. Their difference and not `exp`
 * alone: both were set by one clock, which need not be ours.
 */
export function lifetime(token) {
  try {
    const { exp, iat } = JSON.parse(utf8.decode(split(token).map(bytes)[1]));
    const millis = (exp - iat) * 1000;
    return Number.isFinite(exp) && Number.isFinite(iat) && millis <= Number.MAX_SAFE_INTEGER ? millis : 0;
  } catch {
    return 0;
  }
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
