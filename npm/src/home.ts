// Where tokens may go.

import { AuthError, invalid } from "./error.js";

// Servers decode once more, or twice, or cut at ";": whatever any of them could read as ".." in a path.
const CLIMB = /(?:^|\/|\\|%(?:25)*(?:2f|5c))(?:\.|%(?:25)*2e){2}(?:$|\/|\\|;|%(?:25)*(?:2f|5c|3b))/i;

/** A base URL: `href` is origin and path, which has no slash at its end. */
export interface Home {
  readonly origin: string;
  readonly path: string;
  readonly href: string;
}

/** Refuses what no path can be appended to. */
export function baseUrl(base: string | URL): Home {
  let url;
  try {
    url = new URL(base, globalThis.location?.href);
  } catch (cause) {
    throw invalid("baseUrl", "not an absolute URL", cause);
  }
  if (!/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash)
    throw invalid("baseUrl", "expected http or https, without user, query and fragment");
  const [origin, path] = [url.origin, url.pathname.replace(/\/+$/, "")];
  return { origin, path, href: origin + path };
}

/** Gives the absolute URL of a call; throws `foreign-url` if it lies outside all homes. */
export function resolver(home: Home, allowed: readonly Home[]): (url: string) => URL {
  return (text) => {
    const url = parse(text, home.href);
    const isHome = [home, ...allowed].some(({ origin, path }) => url?.origin === origin && (url.pathname === path || url.pathname.startsWith(`${path}/`)));
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
