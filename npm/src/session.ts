// One session, shared by all clients of the same home and name: the wasm, what it says, and who waits for it.

import type { DialectDocument } from "./document.js";
import { AuthError, invalid, type Problem } from "./error.js";
import { Core } from "./glue.js";
import { load } from "./load.js";
import type { AuthEvent, CallOptions, ClientOptions, EventType, HistoryEntry, LogEntry, State, WasmSource } from "./types.js";

/** Permission to send one call, and under what it was given. */
export interface Grant {
  readonly login: string;
  readonly generation: number;
  readonly context: number;
  readonly token: string;
  readonly headers: Readonly<Record<string, string>>;
}

// No answer has these statuses: with them the wasm tells something else than what an answer means.
const [ENDED, HISTORY] = [0, 1];

/** What changes from client to client of one session: the newest client's counts, as a hot reload expects. */
export type Hooks = Pick<ClientOptions<DialectDocument>, "fetch" | "logger" | "renewal">;

type Snapshot = Omit<Partial<State>, "claims"> & { readonly claims?: string } & { readonly status: State["status"]; readonly grant?: Grant; readonly freshUntil?: number };
type Waiter = { resolve(result: unknown): void; reject(error: AuthError): void };
type Listener = (state: State, event: AuthEvent) => void;

const state = ({ status, user, claims, permissions, expiresAt, context, ended }: Partial<Snapshot>): State =>
  freeze({
    status: status ?? "loading",
    user: user ?? null,
    claims: claims === undefined ? null : parse(claims),
    permissions: permissions ?? null,
    expiresAt: expiresAt ?? null,
    context: context ?? {},
    ended: ended ?? null,
  });

// A token's claims come as they stand in it, and nobody has looked at them yet.
function parse(claims: string): State["claims"] {
  try {
    return JSON.parse(claims);
  } catch {
    return null;
  }
}

function freeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(freeze);
  return value;
}

/** The state before the store has been read, and on servers. */
export const LOADING = state({});

export class Session {
  readonly listeners = new Set<Listener>();
  state = LOADING;
  hooks: Hooks = {};
  clients = 0;
  #core: Core | undefined;
  #starting: Promise<Core> | undefined;
  #waiters = new Map<number, Waiter>();
  #unready: Waiter[] = [];
  #calls = 0;
  #seen = "";
  #grant: Grant | undefined;
  #staleAt: readonly [wall: number, monotonic: number] = [0, 0];
  #asking: AbortController | undefined;
  #disposed = false;

  constructor(
    readonly settings: Readonly<Record<string, unknown>>,
    readonly adapter: unknown,
    readonly source: () => WasmSource | Promise<WasmSource>,
  ) {}

  readonly fetch: typeof globalThis.fetch = (input, init) => (this.hooks.fetch ?? globalThis.fetch)(input, init);

  start(): Promise<Core> {
    if (this.#disposed) return Promise.reject(new AuthError({ code: "disposed" }));
    return (this.#starting ??= this.#boot().catch((error: unknown) => {
      this.#starting = undefined;
      throw error;
    }));
  }

  async #boot(): Promise<Core> {
    await load(this.source);
    if (this.#disposed) throw new AuthError({ code: "disposed" });
    const core = Core.start(JSON.stringify(this.settings), this.fetch, this.adapter, this);
    if (!core) throw new AuthError({ code: "invalid-dialect" });
    for (const [name, value] of Object.entries(this.settings["context"] ?? {})) core.ask(0, "context", JSON.stringify({ name, value }));
    return (this.#core = core);
  }

  /** The state, once the store has been read. */
  async ready(): Promise<State> {
    await this.start();
    if (this.state.status === "loading") await new Promise<unknown>((resolve, reject) => this.#unready.push({ resolve, reject }));
    return this.state;
  }

  /** Asks the wasm for something, and waits for it. */
  async ask<T>(what: string, given: object, { signal }: CallOptions = {}): Promise<T> {
    const core = this.#core ?? (await this.start());
    if (signal?.aborted) throw aborted(signal);
    const call = ++this.#calls;
    const cancel = () => core.ask(call, "cancel", "null");
    try {
      return await new Promise<T>((resolve, reject) => {
        this.#waiters.set(call, { resolve: resolve as Waiter["resolve"], reject });
        signal?.addEventListener("abort", cancel);
        if (!core.ask(call, what, JSON.stringify(given))) reject(invalid("operation", what));
      });
    } catch (error) {
      throw signal?.aborted ? aborted(signal) : error;
    } finally {
      signal?.removeEventListener("abort", cancel);
      this.#waiters.delete(call);
    }
  }

  /** Tells the wasm something that nobody waits for. */
  tell(what: string, given: unknown): void {
    void this.start().then((core) => core.ask(0, what, JSON.stringify(given)), () => {});
  }

  /** The grant that a call can be sent with right now, without asking; a token past its best by any clock is none. */
  fresh(): Grant | undefined {
    return Date.now() < this.#staleAt[0] && performance.now() < this.#staleAt[1] ? this.#grant : undefined;
  }

  judge(status: number, body: string): string | undefined {
    return this.#core?.look(status, body) as string | undefined;
  }

  /** Whether the token has ended by our own clock. */
  get expired(): boolean {
    return this.#core?.look(ENDED, "") === true;
  }

  history(): HistoryEntry[] {
    return this.#core ? JSON.parse(this.#core.look(HISTORY, "") as string) : [];
  }

  /** What the wasm says. Never throws. */
  told(what: string, number: number, text: string): void {
    if (what === "settled") this.#waiters.get(number)?.resolve(JSON.parse(text));
    else if (what === "failed") this.#waiters.get(number)?.reject(new AuthError(JSON.parse(text) as Problem));
    else if (what === "changed") this.#changed(JSON.parse(text));
    else if (what === "asked") void this.#askLogin(text as EventType);
    else {
      const [operation = "", code = ""] = text.split(" ");
      this.log({ kind: "exchange", at: Date.now(), operation, status: number, code });
    }
  }

  #changed({ event, ...snapshot }: Snapshot & { readonly event: EventType }): void {
    const left = (snapshot.freshUntil ?? Infinity) - Date.now();
    this.#grant = snapshot.grant;
    this.#staleAt = [Date.now() + left, performance.now() + left];
    const seen = JSON.stringify(snapshot);
    if (seen !== this.#seen) {
      this.#seen = seen;
      this.state = state(snapshot);
    }
    for (const { resolve } of this.#unready.splice(0)) resolve(undefined);
    if (event === "signed-in" || event === "adopted") this.#asking?.abort();
    this.log({ kind: "event", at: Date.now(), type: event });
    const told = Object.freeze({ type: event });
    for (const listener of [...this.listeners]) attempt(() => listener(this.state, told));
  }

  async #askLogin(reason: EventType): Promise<void> {
    this.#asking?.abort();
    const { signal } = (this.#asking = new AbortController());
    const given = await Promise.resolve({ reason, signal }).then(this.hooks.renewal?.onLoginRequired).catch(report);
    if (!this.#disposed && !signal.aborted) this.tell("supply", given ?? null);
  }

  log(entry: LogEntry): void {
    if (this.hooks.logger) attempt(() => this.hooks.logger?.(Object.freeze(entry)));
  }

  dispose(): void {
    this.#disposed = true;
    this.#asking?.abort();
    this.#core?.stop();
    for (const { reject } of [...this.#waiters.values(), ...this.#unready]) reject(new AuthError({ code: "disposed" }));
    this.listeners.clear();
    this.#grant = undefined;
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
