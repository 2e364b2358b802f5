// The client: what apps hold.

import { call, habits, type Caller } from "./call.js";
import type { DialectDocument } from "./document.js";
import type { Platform } from "./engine.js";
import { AuthError, invalid } from "./error.js";
import { baseUrl, resolver, type Home } from "./home.js";
import { load } from "./load.js";
import { copy, runtime } from "./runtime.js";
import { LOADING, newSession, type Session } from "./session.js";
import { store } from "./store.js";
import { Ask, type Grant, type Settings } from "./wire.js";
import type { CallOptions, Client, ClientOptions, HistoryEntry, State } from "./types.js";

/** The sessions of this page, by home and name. */
const sessions = new Map<string, Session>();

// Neither a page nor a worker. Cloudflare's runtime calls itself a worker, and serves many users like any server.
const isServer = (): boolean =>
  typeof document === "undefined" && (!("WorkerGlobalScope" in globalThis) || globalThis.navigator?.userAgent === "Cloudflare-Workers");

/** Makes `createClient` for a platform. */
export const clients =
  (platform: Platform) =>
  <const D extends DialectDocument>(options: ClientOptions<D>): Client<D> =>
    client(options as unknown as ClientOptions<DialectDocument>, platform) as unknown as Client<D>;

function client(options: ClientOptions<DialectDocument>, platform: Platform): Client {
  const { dialect, storage, allowed = [], fetch, logger, renewal, plugins } = options;
  if (!Array.isArray(dialect?.attach)) throw new AuthError({ code: "invalid-dialect" });
  const home = baseUrl(options.baseUrl);
  const session = share(home, options, platform);
  session.hooks = { fetch, logger, renewal, plugins } as Session["hooks"];
  const caller: Caller = { session, resolve: resolver(home, allowed.map(baseUrl)), ...habits(dialect) };
  if (!isServer()) session.start().catch(() => {});
  const done = async (what: Ask, options?: CallOptions, ...given: unknown[]): Promise<State> => {
    await session.ask(what, options, ...given);
    return session.state();
  };
  const mine = new Set<() => void>();
  let disposed = false;

  return {
    login: async (credentials, options) => {
      if (isServer() && storage !== "memory")
        throw invalid("storage", 'on a server, choose storage: "memory" and make one client per request');
      return done(Ask.Login, options, credentials);
    },
    answer: async (values, options) => {
      // Of a document without challenges nobody has to load the engine that knows them.
      if (!session.state().challenge) throw new AuthError({ code: "login-required" });
      return done(Ask.Answer, options, values);
    },
    fetch: (input, init) => call(caller, input, init),
    get state() {
      return session.state();
    },
    token: async (options) => {
      const { token } = session.fresh() ?? (await session.ask<Grant>(Ask.Authorize, options));
      if (token === undefined) throw new AuthError({ code: "no-token" });
      return token;
    },
    subscribe: (listener) => {
      const own: typeof listener = (state, event) => listener(state, event);
      const stop = () => void (session.listeners.delete(own), mine.delete(stop));
      session.listeners.add(own);
      mine.add(stop);
      return stop;
    },
    getSnapshot: session.state,
    getServerSnapshot: () => LOADING,
    perform: (operation, values, options) => session.ask(Ask.Perform, options, operation, values ?? {}),
    renew: (options) => done(Ask.Renew, options),
    logout: async (options) => void (await session.ask(Ask.Logout, options)),
    setContext: (name, value) => session.tell(Ask.Context, name, value),
    history: () => (session.look(Ask.History) ?? []) as HistoryEntry[],
    dispose: () => {
      if (disposed) return;
      disposed = true;
      mine.forEach((stop) => stop());
      if (--session.clients > 0) return;
      session.dispose();
      for (const [place, it] of sessions) if (it === session) sessions.delete(place);
    },
    ready: session.ready,
  };
}

/** The session of that home and name. On a server nobody shares one: each request has a user of its own. */
function share(home: Home, options: ClientOptions<DialectDocument>, platform: Platform): Session {
  const { storage = "local", name = "", context = {}, wasm } = options;
  const settings = settingsOf(home, options);
  // A base has no fragment, so no two pairs of base and name make the same key.
  const key = `relatch:${settings[1]}#${name}`;
  const shared = !isServer() && (storage === "local" || typeof storage === "object");
  const place = JSON.stringify([settings[0], key]);
  let session = sessions.get(place);
  if (!session) {
    session = newSession([settings, context, (fetch, codec) => runtime(globalThis, fetch, store(storage), key, shared, codec), (document, plugins) => load(document, plugins, platform, wasm)]);
    if (!isServer()) sessions.set(place, session);
  }
  session.clients++;
  return session;
}

function settingsOf(home: Home, { dialect, renewal = {}, idleMs, timeouts = {} }: ClientOptions<DialectDocument>): Settings {
  const { issue: _, ...reader } = dialect;
  return [
    copy(reader),
    home.href,
    renewal.credentials,
    renewal.onLoginRequired !== undefined,
    renewal.whenHidden,
    renewal.ahead && Math.round(renewal.ahead * 1000),
    timeouts.requestMs,
    timeouts.loginMs,
    idleMs,
  ];
}
