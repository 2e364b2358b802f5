// One session, shared by all clients of the same home and name: the wasm, what it says, and who waits for it.

import { watch } from "./activity.js";
import type { DialectDocument } from "./document.js";
import type { Codec } from "./codec.js";
import { AuthError, invalid } from "./error.js";
import type { Engine, Extras, Look } from "./engine.js";
import { copy, message, read, type Runtime } from "./runtime.js";
import type { Host } from "./sessions.js";
import { decodeUnverified } from "./unverified.js";
import { Ask, Tell, type Grant, type Settings, type Snapshot } from "./wire.js";
import type { AuthEvent, CallOptions, ClientOptions, EventType, LogEntry, Plugins, State } from "./types.js";

/** What changes from client to client of one session: the newest client's counts, as a hot reload expects. */
export type Hooks = Pick<ClientOptions<DialectDocument>, "fetch" | "logger" | "renewal" | "plugins">;

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

export class Session implements Host {
  readonly listeners = new Set<Listener>();
  state = LOADING;
  hooks: Hooks = {};
  clients = 0;
  declare runtime: Runtime;
  extras: Extras | undefined;
  #engine: Engine | undefined;
  /** Given when it starts; zero before that, and in the end. */
  #number = 0;
  #starting: Promise<void> | undefined;
  #waiters = new Map<number, Waiter>();
  #unready: Waiter[] = [];
  #calls = 0;
  #seen = "";
  #found: unknown;
  #grant: Grant | undefined;
  #staleAt: readonly [wall: number, monotonic: number] = [0, 0];
  #asking: AbortController | undefined;
  #disposed = false;
  readonly #gone = new AbortController();

  readonly #setup: Setup;

  constructor(
    /** By what the session is found. */
    readonly place: string,
    setup: Setup,
  ) {
    this.#setup = setup;
  }

  readonly fetch: typeof globalThis.fetch = (input, init) => (this.hooks.fetch ?? globalThis.fetch)(input, init);

  start(): Promise<void> {
    if (this.#disposed) return Promise.reject(new AuthError({ code: "disposed" }));
    return (this.#starting ??= this.#boot().catch((error: unknown) => {
      this.#starting = undefined;
      throw error;
    }));
  }

  async #boot(): Promise<void> {
    const [settings, context, runtime, load] = this.#setup;
    [this.#engine, this.extras] = await load(settings[0], () => this.hooks.plugins);
    if (this.#disposed) throw new AuthError({ code: "disposed" });
    const number = (this.#number = ++last);
    this.runtime = runtime(this.fetch, this.extras?.codec);
    const { ask, sessions } = this.#engine;
    this.runtime.listen((told) => ask(number, message(Ask.Heard, 0) + told));
    sessions.set(number, this);
    if (!this.#say(Ask.Start, 0, ...settings)) {
      this.#forget();
      throw new AuthError({ code: "invalid-dialect" });
    }
    if (settings[8] !== undefined) watch(this.#gone.signal, () => this.#say(Ask.Active));
    for (const [name, value] of Object.entries(context)) this.#say(Ask.Context, 0, name, value);
  }

  /** The state, once the store has been read. */
  async ready(): Promise<State> {
    await this.start();
    if (this.state.status === "loading") await new Promise<unknown>((resolve, reject) => this.#unready.push({ resolve, reject }));
    return this.state;
  }

  /** Asks the wasm for something, and waits for it. */
  async ask<T>(what: Ask, { signal }: CallOptions = {}, ...given: unknown[]): Promise<T> {
    if (!this.#number) await this.start();
    if (signal?.aborted) throw aborted(signal);
    const call = ++this.#calls;
    const cancel = () => this.#say(Ask.Cancel, call);
    try {
      return await new Promise<T>((resolve, reject) => {
        this.#waiters.set(call, { resolve: resolve as Waiter["resolve"], reject });
        signal?.addEventListener("abort", cancel);
        if (!this.#say(what, call, ...given)) reject(invalid("operation", "not in the dialect"));
      });
    } catch (error) {
      throw signal?.aborted ? aborted(signal) : error;
    } finally {
      signal?.removeEventListener("abort", cancel);
      this.#waiters.delete(call);
    }
  }

  /** Tells the wasm something that nobody waits for. */
  tell(what: Ask, ...given: unknown[]): void {
    if (this.#number) this.#say(what, 0, ...given);
    else void this.start().then(() => this.#say(what, 0, ...given), () => {});
  }

  #say(what: Ask, number = 0, ...given: unknown[]): boolean {
    return this.#number > 0 && this.#engine!.ask(this.#number, message(what, number, ...given.map(copy)));
  }

  /** The grant that a call can be sent with right now, without asking; a token past its best by any clock is none. */
  fresh(): Grant | undefined {
    return Date.now() < this.#staleAt[0] && performance.now() < this.#staleAt[1] ? this.#grant : undefined;
  }

  /** Whether the token has ended by our own clock. */
  get expired(): boolean {
    return this.#say(Ask.Expired);
  }

  readonly look: Look = (what, ...given) => {
    this.#found = undefined;
    this.#say(what, ...given);
    return this.#found;
  };

  /** What the wasm says. Never throws. */
  told(what: Tell, message: string): void {
    const [first, second, third] = read(message) as [never, never, never];
    if (what === Tell.Settled) this.#waiters.get(first)?.resolve(second);
    if (what === Tell.Failed) this.#waiters.get(first)?.reject(this.extras?.codec?.errorOf(second) ?? new AuthError(second));
    if (what === Tell.Changed) this.#changed(first, second);
    if (what === Tell.Asked) void this.#askLogin(first);
    if (what === Tell.Exchanged) this.log({ kind: "exchange", at: Date.now(), operation: first, status: second, code: third });
    if (what === Tell.Found) this.#found = first;
  }

  #changed(type: EventType, snapshot: Snapshot): void {
    const { freshUntil = Infinity, grant, ...state } = snapshot;
    const left = freshUntil - Date.now();
    this.#grant = grant;
    this.#staleAt = [Date.now() + left, performance.now() + left];
    const seen = JSON.stringify(snapshot);
    if (seen !== this.#seen) {
      this.#seen = seen;
      this.state = freeze({ ...LOADING, ...state, claims: grant ? claims(grant.token ?? "") : null });
    }
    for (const { resolve } of this.#unready.splice(0)) resolve(undefined);
    if (type === "signed-in" || type === "adopted") this.#asking?.abort();
    this.log({ kind: "event", at: Date.now(), type });
    const told = Object.freeze({ type });
    for (const listener of [...this.listeners]) attempt(() => listener(this.state, told));
  }

  async #askLogin(reason: EventType): Promise<void> {
    this.#asking?.abort();
    const { signal } = (this.#asking = new AbortController());
    const given = await Promise.resolve({ reason, signal }).then(this.hooks.renewal?.onLoginRequired).catch(report);
    if (!this.#disposed && !signal.aborted) this.tell(Ask.Supply, given);
  }

  log(entry: LogEntry): void {
    if (this.hooks.logger) attempt(() => this.hooks.logger?.(Object.freeze(entry)));
  }

  dispose(): void {
    this.#disposed = true;
    this.#gone.abort();
    this.#asking?.abort();
    this.#say(Ask.Stop);
    this.#forget();
    for (const { reject } of [...this.#waiters.values(), ...this.#unready]) reject(new AuthError({ code: "disposed" }));
    this.listeners.clear();
    this.#grant = undefined;
  }

  #forget(): void {
    this.#engine?.sessions.delete(this.#number);
    this.#number = 0;
  }
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
