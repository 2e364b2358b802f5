// Where tokens may go.

import { AuthError, invalid } from "./error.js";

// Servers decode once more, or twice, or cut at ";": whatever any of them could read as ".." in a path.
const CLIMB = /(?:^|\/|\\|%(?:25)*(?:2f|5c))(?:\.|%(?:25)*2e){2}(?:$|\/|\\|;|%(?:25)*(?:2f|5c|3b))/i;

/** A base URL without what no path can be appended to. */
export function baseUrl(base: string | URL): URL {
  let url;
  try {
    url = new URL(base, globalThis.location?.href);
  } catch (cause) {
    throw new AuthError({ code: "invalid-argument", details: { argument: "baseUrl", why: "not an absolute URL" } }, cause);
  }
  if (!/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash)
    throw invalid("baseUrl", "expected http or https, without user, query and fragment");
  url.pathname = url.pathname.replace(/\/+$/, "");
  return url;
}

/** Gives the absolute URL of a call; throws `foreign-url` if it lies outside all homes. */
export function resolver(home: URL, allowed: readonly URL[]): (url: string) => URL {
  const prefix = home.href.replace(/\/$/, "");
  const homes = [home, ...allowed].map((it) => [it.origin, it.pathname.replace(/\/$/, "")] as const);
  return (text) => {
    const url = parse(text, prefix);
    const isHome = homes.some(([origin, path]) => url?.origin === origin && (url.pathname === path || url.pathname.startsWith(`${path}/`)));
    if (!url || !isHome || url.username || url.password || CLIMB.test(url.pathname))
      throw new AuthError({ code: "foreign-url", details: { origin: url?.origin } });
    return url;
  };
}

function parse(text: string, prefix: string): URL | undefined {
  // Backslashes count as slashes in some parsers, and a leading "//" names a host.
  if (/^[\s/]*\/\/|[\\\t\n\r]/.test(text)) return undefined;
  try {
    return new URL(/^[a-z][a-z\d+.-]*:/i.test(text) ? text : prefix + (/^[/?#]/.test(text) ? "" : "/") + text);
  } catch {
    return undefined;
  }
}
