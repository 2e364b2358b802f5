// One session, shared by all clients of the same home and name: the wasm, what it says, and who waits for it.
//
// A function and not a class: what it keeps to itself is named in few bytes then.

import { watch } from "./activity.js";
import type { DialectDocument } from "./document.js";
import type { Codec } from "./codec.js";
import { AuthError, invalid, type Problem } from "./error.js";
import type { Engine, Extras, Look } from "./engine.js";
import { copy, message, read, type Runtime } from "./runtime.js";
import type { Host } from "./sessions.js";
import { decodeUnverified } from "./unverified.js";
import { Ask, type Grant, type Settings, type Snapshot } from "./wire.js";
import type { AuthEvent, CallOptions, ClientOptions, EventType, LogEntry, Plugins, State } from "./types.js";

/** What changes from client to client of one session: the newest client's counts, as a hot reload expects. */
type Hooks = Pick<ClientOptions<DialectDocument>, "fetch" | "logger" | "renewal" | "plugins">;

type Waiter = { resolve(result: unknown): void; reject(error: AuthError): void };
type Listener = (state: State, event: AuthEvent) => void;

/** The state before the store has been read, and on servers. */
export const LOADING: State = freeze({ status: "loading", challenge: null, user: null, claims: null, permissions: null, expiresAt: null, context: {}, ended: null });

function claims(token: string): State["claims"] {
  try {
    return decodeUnverified(token).claims;
  } catch {
    return null;
  }
}

function freeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(freeze);
  return value;
}

/** The number that was given last. */
let last = 0;

/** What a session is made of: its settings, context values from the start on, its runtime, and what loads its engine. */
export type Setup = readonly [Settings, Readonly<Record<string, unknown>>, (fetch: typeof globalThis.fetch, codec: Codec | undefined) => Runtime, (document: DialectDocument, plugins: () => Plugins | undefined) => Promise<readonly [Engine, Extras | undefined]>];

export interface Session extends Host {
  readonly listeners: Set<Listener>;
  hooks: Hooks;
  clients: number;
  state(): State;
  extras(): Extras | undefined;
  readonly fetch: typeof globalThis.fetch;
  /** Starts it, if it has not been. */
  start(): Promise<void>;
  /** The state, once the store has been read. */
  ready(): Promise<State>;
  /** Asks the wasm for something, and waits for it. */
  ask<T>(what: Ask, options?: CallOptions, ...given: unknown[]): Promise<T>;
  /** Tells the wasm something that nobody waits for. */
  tell(what: Ask, ...given: unknown[]): void;
  /** The grant that a call can be sent with right now, without asking; a token past its best by any clock is none. */
  fresh(): Grant | undefined;
  /** Whether the token has ended by our own clock. */
  isExpired(): boolean;
  readonly look: Look;
  log(entry: LogEntry): void;
  dispose(): void;
}

export function newSession([settings, context, runtimeOf, load]: Setup): Session {
  let state = LOADING;
  let engine: Engine | undefined;
  let extras: Extras | undefined;
  let runtime: Runtime;
  /** Given when it starts; zero before that, and in the end. */
  let number = 0;
  let starting: Promise<void> | undefined;
  const waiters = new Map<number, Waiter>();
  let unready: Waiter[] = [];
  let calls = 0;
  let seen = "";
  let found: unknown;
  let granted: Grant | undefined;
  let [staleWall, staleMonotonic] = [0, 0];
  let asking: AbortController | undefined;
  let disposed = false;
  const gone = new AbortController();

  const say = (what: Ask, call = 0, ...given: unknown[]): boolean => number > 0 && engine!.ask(number, message(what, call, ...given.map(copy)));

  async function boot(): Promise<void> {
    [engine, extras] = await load(settings[0], () => session.hooks.plugins);
    if (disposed) throw new AuthError({ code: "disposed" });
    const mine = (number = ++last);
    const { ask, sessions } = engine;
    runtime = runtimeOf(session.fetch, extras?.codec);
    runtime.listen((told) => ask(mine, message(Ask.Heard, 0) + told));
    sessions.set(mine, session);
    if (!say(Ask.Start, 0, ...settings)) {
      forget();
      throw new AuthError({ code: "invalid-dialect" });
    }
    if (settings[8] !== undefined) watch(gone.signal, () => say(Ask.Active));
    for (const [name, value] of Object.entries(context)) say(Ask.Context, 0, name, value);
  }

  function forget(): void {
    engine?.sessions.delete(number);
    number = 0;
  }

  function changed(type: EventType, { freshUntil = Infinity, grant, ...rest }: Snapshot): void {
    const left = freshUntil - Date.now();
    granted = grant;
    [staleWall, staleMonotonic] = [freshUntil, performance.now() + left];
    const news = JSON.stringify([freshUntil, grant, rest]);
    if (news !== seen) {
      seen = news;
      state = freeze({ ...LOADING, ...rest, claims: grant ? claims(grant.token ?? "") : null });
    }
    for (const { resolve } of unready.splice(0)) resolve(undefined);
    if (type === "signed-in" || type === "adopted") asking?.abort();
    log({ kind: "event", at: Date.now(), type });
    const told = Object.freeze({ type });
    for (const listener of [...session.listeners]) attempt(() => listener(state, told));
  }

  async function askLogin(reason: EventType): Promise<void> {
    asking?.abort();
    const { signal } = (asking = new AbortController());
    const given = await Promise.resolve({ reason, signal }).then(session.hooks.renewal?.onLoginRequired).catch(report);
    if (!disposed && !signal.aborted) tell(Ask.Supply, given);
  }

  async function start(): Promise<void> {
    if (disposed) throw new AuthError({ code: "disposed" });
    await (starting ??= boot().catch((error: unknown) => {
      starting = undefined;
      throw error;
    }));
  }

  function tell(what: Ask, ...given: unknown[]): void {
    if (number) say(what, 0, ...given);
    else start().then(() => say(what, 0, ...given), () => {});
  }

  function log(entry: LogEntry): void {
    const { logger } = session.hooks;
    if (logger) attempt(() => logger(Object.freeze(entry)));
  }

  /** By {@link Tell}, in its order. */
  const hears: ((...told: never[]) => unknown)[] = [
    (call: number, result: unknown) => waiters.get(call)?.resolve(result),
    (call: number, problem: Problem) => waiters.get(call)?.reject(extras?.codec?.errorOf(problem) ?? new AuthError(problem)),
    changed,
    askLogin,
    (operation: string, status: number, code: string) => log({ kind: "exchange", at: Date.now(), operation, status, code }),
    (it: unknown) => (found = it),
  ];

  const session: Session = {
    listeners: new Set(),
    hooks: {},
    clients: 0,
    state: () => state,
    extras: () => extras,
    fetch: (input, init) => (session.hooks.fetch ?? globalThis.fetch)(input, init),
    start,
    tell,
    log,

    ready: async () => {
      await start();
      if (state.status === "loading") await new Promise<unknown>((resolve, reject) => unready.push({ resolve, reject }));
      return state;
    },

    ask: async <T>(what: Ask, { signal }: CallOptions = {}, ...given: unknown[]) => {
      if (!number) await start();
      if (signal?.aborted) throw aborted(signal);
      const call = ++calls;
      const cancel = () => say(Ask.Cancel, call);
      try {
        return await new Promise<T>((resolve, reject) => {
          waiters.set(call, { resolve: resolve as Waiter["resolve"], reject });
          signal?.addEventListener("abort", cancel);
          if (!say(what, call, ...given)) reject(invalid("operation", "not in the dialect"));
        });
      } catch (error) {
        throw signal?.aborted ? aborted(signal) : error;
      } finally {
        signal?.removeEventListener("abort", cancel);
        waiters.delete(call);
      }
    },

    fresh: () => (Date.now() < staleWall && performance.now() < staleMonotonic ? granted : undefined),
    isExpired: () => say(Ask.Expired),

    look: (what, ...given) => {
      found = undefined;
      say(what, ...given);
      return found;
    },

    told: (what, message) => hears[what]?.(...(read(message) as never[])),

    obey: (command, message) => runtime.obey(command, message),

    dispose: () => {
      disposed = true;
      gone.abort();
      asking?.abort();
      say(Ask.Stop);
      forget();
      for (const { reject } of [...waiters.values(), ...unready]) reject(new AuthError({ code: "disposed" }));
      session.listeners.clear();
      granted = undefined;
    },
  };
  return session;
}

/** The caller's own signal. */
const aborted = (signal: AbortSignal) => new AuthError({ code: "aborted" }, signal.reason);

// What the app's own functions throw is the app's to see, and must not stop the session.
const report = (error: unknown): void => {
  setTimeout(() => {
    throw error;
  });
};

function attempt(f: () => void): void {
  try {
    f();
  } catch (error) {
    report(error);
  }
}
