// A fake API: a document's server in this process, behind a `fetch` that can fail in every way that a network can.

import type { DialectDocument, UserOf } from "../document.js";
import { Backend, type Asked, type FakeCaller } from "./backend.js";
import { Faults, instead, through, unreachable, type Fault } from "./faults.js";
import { issueOf } from "./issue.js";
import { handler, type NodeHandler } from "./node.js";
import type { FakeUser } from "./people.js";
import { entry, isCalled, type FakeRequest } from "./requests.js";
import type { Said } from "./wording.js";
import { worldMs } from "./world.js";

/** What {@link fakeApi} takes. */
export interface FakeApiOptions<D extends DialectDocument> {
  readonly dialect: D;
  /** Where it pretends to live: what the client is given too. */
  readonly baseUrl: string | URL;
  readonly users: readonly FakeUser<D>[];
  /** How long an access token is good, in seconds; the document's own lifetime if not given. */
  readonly lifetimeSecs?: number;
  /** How long a refresh token is good, in seconds; the document's own lifetime, or 30 days. */
  readonly refreshLifetimeSecs?: number;
  /**
   * What the second use of a refresh token does. `forgive`: within half a minute, or under the same `Idempotency-Key`, it is answered
   * again, as Relatch's server does; later it ends the session. `revoke`: it ends the session, always.
   */
  readonly reuse?: "forgive" | "revoke";
  /** How far the API's clock is ahead of this machine's, in milliseconds. */
  readonly skewMs?: number;
  /**
   * Answers calls with a good token that are no operation of the document: with a `Response`, or with anything that is sent as JSON.
   * For `undefined`, and without this, they are answered as an unknown path.
   */
  readonly calls?: (request: Request, caller: FakeCaller<UserOf<D>>) => unknown;
  /** Answers operations, by their names, `login` and `renew` among them. For `undefined` the fake goes on by its own rules. */
  readonly answers?: { readonly [operation: string]: (asked: Asked) => Said | undefined };
}

/** A fake API, and the controls of it. All methods are bound. */
export interface FakeApi {
  /** For `createClient({ fetch: api.fetch })`. */
  readonly fetch: typeof globalThis.fetch;
  /** For `http.createServer(api.handler)`, when a real browser is to reach it. */
  readonly handler: NodeHandler;
  /** What was asked, the oldest first. */
  readonly requests: readonly FakeRequest[];
  /** How many requests there were: of an operation (`renew`), of a method and path (`GET /orders`), or at all. */
  count(what?: string): number;
  /** Lets the access tokens that are out expire; those of one user, if one is named. */
  expire(user?: string): void;
  /** Ends the sessions: neither their access tokens nor their refresh tokens are good any more. */
  endSessions(user?: string): void;
  disable(user: string): void;
  enable(user: string): void;
  /** Lets something go wrong with the next requests. Returns what lifts it. */
  fault(fault: Fault): () => void;
  /** Whether nothing reaches the API. */
  offline: boolean;
  /** How far the API's clock is ahead of this machine's, in milliseconds. */
  skewMs: number;
  /** Begins anew: no requests, sessions and faults, and everybody as at first. */
  reset(): void;
}

const MONTH_SECS = 30 * 24 * 60 * 60;

/** A fake of the API that a document describes. */
export function fakeApi<const D extends DialectDocument>(options: FakeApiOptions<D>): FakeApi {
  const { dialect, users, reuse } = options;
  const issue = issueOf(dialect);
  const base = new URL(options.baseUrl, globalThis.location?.href);
  const faults = new Faults();
  const requests: FakeRequest[] = [];
  const rules = {
    lifetimeSecs: options.lifetimeSecs ?? issue.lifetime_secs ?? dialect.expires?.after_secs ?? 3600,
    refreshLifetimeSecs: options.refreshLifetimeSecs ?? issue.refresh_lifetime_secs ?? MONTH_SECS,
    strict: reuse === "revoke",
  };
  const nowMs = () => worldMs() + api.skewMs;
  const backend = new Backend({ dialect, issue, users: users as readonly FakeUser[], rules, own: options, nowMs });
  const named = (user: string | undefined) => (user === undefined ? undefined : backend.people.named(user));

  async function exchange(request: Request, signal: AbortSignal | undefined): Promise<Response> {
    const path = below(base, new URL(request.url));
    const { method, url, headers } = request;
    const asking = { method, url, headers, body: await request.clone().text() };
    const route = backend.routeOf(asking, path);
    const noted = entry(nowMs(), request.method, path, route.operation);
    requests.push(noted);
    const fault = api.offline ? undefined : faults.take((what) => isCalled(noted, what));
    noted.fault = api.offline ? "offline" : (fault?.kind ?? null);
    if (api.offline) throw unreachable();
    const replaced = fault && instead(fault, (status, headers) => backend.plain(status, headers, path));
    const answer = replaced ?? (await backend.serve(route, request, asking, noted));
    noted.status = answer.status;
    return fault ? through(fault, answer, signal) : answer;
  }

  const api: FakeApi = {
    fetch: async (input, init) => {
      const [request, signal] = requestOf(input, init);
      return unlessAborted(signal, () => exchange(request, signal));
    },
    handler: handler(base, (request) => exchange(request, undefined)),
    requests,
    count: (what) => requests.filter((it) => what === undefined || isCalled(it, what)).length,
    expire: (user) => backend.sessions.expire(named(user)),
    endSessions: (user) => backend.sessions.end(named(user)),
    disable: (user) => void (backend.people.named(user).state = "disabled"),
    enable: (user) => void (backend.people.named(user).state = "active"),
    fault: (fault) => faults.add(fault),
    offline: false,
    skewMs: options.skewMs ?? 0,
    reset: () => {
      requests.length = 0;
      faults.clear();
      backend.reset();
      Object.assign(api, { offline: false, skewMs: options.skewMs ?? 0 });
    },
  };
  return api;
}

/** The path below the base. An address elsewhere is a mistake in the test, and must not pass for a network that is down. */
function below(base: URL, url: URL): string {
  const prefix = base.pathname.replace(/\/+$/, "");
  if (url.origin !== base.origin || !`${url.pathname}/`.startsWith(`${prefix}/`))
    throw new Error(`fakeApi: ${url.origin}${url.pathname} is not below ${base.href}`);
  return url.pathname.slice(prefix.length);
}

// The signal stays outside of `Request`, which takes its own realm's only; a page that is simulated in Node has another one.
function requestOf(input: string | URL | Request, { signal, ...init }: RequestInit = {}): [Request, AbortSignal | undefined] {
  const given = typeof input === "object" && "url" in input ? input : undefined;
  const request = new Request(given ?? new URL(String(input), globalThis.location?.href), init);
  return [request, signal ?? given?.signal];
}

function unlessAborted<T>(signal: AbortSignal | undefined, go: () => Promise<T>): Promise<T> {
  if (!signal) return go();
  return new Promise<T>((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    go().then(resolve, reject);
  });
}
