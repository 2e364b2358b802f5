// What a request takes from around it: cookies that a script may see, and chance.

/** The value of a cookie of the page's; none where there is no page. */
export function cookie(name: string): string | undefined {
  const all = globalThis.document?.cookie?.split("; ") ?? [];
  const value = all.find((it) => it.startsWith(`${name}=`))?.slice(name.length + 1);
  try {
    return value && decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** A random UUID (RFC 9562 section 5.4). `crypto.randomUUID` is there in secure contexts only. */
export function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 15) | 64;
  bytes[8] = (bytes[8]! & 63) | 128;
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
