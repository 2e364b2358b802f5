// The public shapes: options, state, events, and the client itself.

import type { AnswerOf, ArgumentsOf, ClaimsOf, ContextOf, CredentialsOf, DialectDocument, OperationOf, PluginOf, ResultOf, UserOf } from "./document.js";
import type { AuthErrorCode } from "./error.js";

/** Why nobody is signed in any more. */
export type EndReason =
  | "signed-out"
  | "signed-out-elsewhere"
  | "session-ended"
  | "account-disabled"
  | "expired"
  | "idle"
  | "credentials-refused";

/** What happened. */
export type EventType =
  | EndReason
  | "ready"
  | "signed-in"
  | "challenged"
  | "challenge-ended"
  | "renewed"
  | "adopted"
  | "context-changed"
  | "renewal-failed"
  | "store-failed";

/** An event, as listeners get it. It carries no secret. */
export interface AuthEvent {
  readonly type: EventType;
}

/** What a login waits for. */
export interface Challenge {
  /** Which one: another one of the same kind has another number, and its form begins empty. */
  readonly number: number;
  /** Its name among the document's `challenges`. */
  readonly kind: string;
  /** What the API said for people: where a code was sent to, which tenants there are. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** The state. Frozen; the same object until something in it changes. */
export interface State<D extends DialectDocument = DialectDocument> {
  readonly status: "loading" | "signed-out" | "signed-in" | "challenge";
  /** What a login waits for; answer with `answer`. Beside another status than `challenge`, somebody is signed in all the same. */
  readonly challenge: Challenge | null;
  /** The user, as the login answered; `null` while signed out and for APIs whose login names none. */
  readonly user: UserOf<D> | null;
  /** What the access token says. **Unverified**: for display, never for a decision. `null` for tokens that are no JWT. */
  readonly claims: ClaimsOf<D> | null;
  /** What the user interface may show, for APIs that tell. */
  readonly permissions: readonly string[] | null;
  /** When the access token ends, in milliseconds since the epoch by this machine's clock. */
  readonly expiresAt: number | null;
  /** The context values that go along with calls. */
  readonly context: Readonly<Record<string, string>>;
  /** Why nobody is signed in, if somebody was. */
  readonly ended: EndReason | null;
}

/**
 * A store of your own, with two of Web Storage's methods. Either may answer at once or with a promise; one that does not within five
 * seconds counts as failed. What several tabs share should be the same for all of them at once, or two of them may renew in the same moment.
 */
export interface StorageAdapter {
  getItem(key: string): string | null | undefined | Promise<string | null | undefined>;
  setItem(key: string, value: string): unknown;
}

/** One line of what the client does. Method, path and status, never a query, a header, a body or a token. */
export type LogEntry =
  | { readonly kind: "event"; readonly at: number; readonly type: EventType }
  | { readonly kind: "exchange"; readonly at: number; readonly operation: string; readonly status: number; readonly code: string }
  | { readonly kind: "call"; readonly at: number; readonly method: string; readonly path: string; readonly status: number };

/** One thing that happened to the session, for "why was I signed out?". */
export interface HistoryEntry {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly event: EventType;
  /** The failure behind it. */
  readonly code?: AuthErrorCode;
  /** The HTTP status of the answer behind it. */
  readonly status?: number;
}

/** What `onLoginRequired` is told. */
export interface LoginRequired {
  readonly reason: EventType;
  /** Aborted when the answer is no longer wanted. */
  readonly signal: AbortSignal;
}

/** How the session is renewed. */
export interface RenewalOptions<D extends DialectDocument> {
  /** How long before its end a token is renewed, as a fraction of its lifetime: 0 to 0.9, 0.1 if not given. */
  readonly ahead?: number;
  /** Renew ahead of time in a page that nobody sees as well. Calls renew anyway, and so does a page that is seen again. */
  readonly whenHidden?: boolean;
  /** Keep the credentials of a login in this tab's memory, to log in with them again unseen. Never stored. */
  readonly credentials?: boolean;
  /** Gives credentials or `null`, or logs in by itself. Calls wait meanwhile. */
  readonly onLoginRequired?: (why: LoginRequired) => CredentialsOf<D> | null | void | Promise<CredentialsOf<D> | null | void>;
}

/** What `createClient` takes. */
export interface ClientOptions<D extends DialectDocument> {
  readonly dialect: D;
  /** Where the API lives. The dialect's paths are appended; a path prefix is kept. In a page it may be relative. */
  readonly baseUrl: string | URL;
  /** Where the session is kept. `local` if not given. On a server only `memory`, said by name, lets anybody log in. */
  readonly storage?: "memory" | "session" | "local" | StorageAdapter;
  /** Tells several sessions at one API apart. */
  readonly name?: string;
  /** Base URLs beside `baseUrl` to which the token may go. */
  readonly allowed?: readonly (string | URL)[];
  /** Context values from the start on. */
  readonly context?: { readonly [Name in ContextOf<D>]?: string };
  readonly renewal?: RenewalOptions<D>;
  /** After how many milliseconds without a key, a pointer or a touch in any tab the user is signed out. Never, if not given. */
  readonly idleMs?: number;
  readonly timeouts?: {
    /** For the session's own requests; 15 s if not given. */
    readonly requestMs?: number;
    /** For calls that wait for somebody to log in; two minutes if not given. */
    readonly loginMs?: number;
  };
  /** What the document's `$plugin` functions do: they give a value, or a promise of one. If one throws, the call rejects `plugin-failed`. */
  readonly plugins?: { readonly [Name in PluginOf<D>]: Plugin };
  /** Used in place of the platform's `fetch`. It has to obey its `signal`: that is how a request ends that nobody answers. */
  readonly fetch?: typeof globalThis.fetch;
  /** Told what happens, without secrets. */
  readonly logger?: (entry: LogEntry) => void;
  /**
   * Where the wasm comes from, if not from beside this module: a URL, its bytes, or a compiled module. It is `relatch/relatch.wasm`, but for
   * a document that needs the full one (the package's README says which do): then it is `relatch/full.wasm`, and no other will do.
   */
  readonly wasm?: WasmSource;
}

/** A function of the app's that a document names, for what no closed list of functions can do: `{ "$plugin": "name", … }`. */
export type Plugin = (input: Readonly<Record<string, unknown>>, request?: PluginRequest) => unknown;

/** What such a function sees of a request that it is to sign. */
export interface PluginRequest {
  readonly method: string;
  /** With its query, and with what was attached to it so far. */
  readonly url: string;
  /** As text; empty if there is none. */
  readonly body: string;
}

/** Such functions, by the names that the document has for them. */
export type Plugins = { readonly [name: string]: Plugin };

/** Where the wasm can come from. */
export type WasmSource = string | URL | Request | Response | BufferSource | WebAssembly.Module | Promise<Response>;

/** What most methods take last. */
export interface CallOptions {
  /** Aborting detaches this caller alone: what others wait for goes on. */
  readonly signal?: AbortSignal | undefined;
}

/** A session at one API. All methods are bound. */
export interface Client<D extends DialectDocument = DialectDocument> {
  /** Logs in. @throws {@link AuthError} */
  login(credentials: CredentialsOf<D>, options?: CallOptions): Promise<State<D>>;
  /**
   * Takes the next step of a login that was rejected with `challenge`. Rejects `challenge` if there is another one, `login-required` if
   * no login waits. What the API refuses may be given once more, as long as `state.challenge` is there. @throws {@link AuthError}
   */
  answer(values: AnswerOf<D>, options?: CallOptions): Promise<State<D>>;
  /**
   * The platform's `fetch`, with a session. Relative URLs are relative to `baseUrl`. Waits while loading; signed out it rejects
   * `login-required`, and `foreign-url` outside home, without a request. A call that the API refuses is renewed and sent once more.
   * An aborted `signal` rejects with its own reason, as the platform does.
   */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  readonly state: State<D>;
  /** A fresh access token. Rejects `no-token` where the session is in a cookie, which no script sees. */
  token(options?: CallOptions): Promise<string>;
  /** Calls back after every change, until the returned function is called. */
  subscribe(listener: (state: State<D>, event: AuthEvent) => void): () => void;
  getSnapshot(): State<D>;
  /** The state that a server renders: `loading`. */
  getServerSnapshot(): State<D>;
  /** One of the document's own operations. Gives what its answer captures. */
  perform<Name extends OperationOf<D>>(operation: Name, values?: ArgumentsOf<D, Name>, options?: CallOptions): Promise<ResultOf<D, Name>>;
  /** Renews now, whatever the token's age. */
  renew(options?: CallOptions): Promise<State<D>>;
  /** Signs out, here and in all tabs, whatever the server answers. */
  logout(options?: CallOptions): Promise<void>;
  /** Sets a value that goes along with calls, or with `null` clears it. */
  setContext(name: ContextOf<D>, value: string | null): void;
  /** What has happened, the oldest first. Bounded, without secrets. */
  history(): readonly HistoryEntry[];
  /** Lets go of the session. The last client of a session stops it, and its history is gone; the user stays signed in. */
  dispose(): void;
  /** Resolves once the store has been read. */
  ready(): Promise<State<D>>;
}

/** What a token says, unverified. */
export interface Unverified {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}
