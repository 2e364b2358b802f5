// What a fake API does when it is asked: its rules, without network, faults and notes.

import type { DialectDocument } from "../document.js";
import { read, readAttached, routeOf, type Asking, type Route } from "./asked.js";
import { END } from "./ends.js";
import type { Issue } from "./issue.js";
import type { Meaning } from "./meaning.js";
import { People, Person, type FakeUser } from "./people.js";
import type { Entry } from "./requests.js";
import { Sessions, type Rules, type Tokens } from "./sessions.js";
import type { Values } from "./template.js";
import { write, writeDefault, type Said, type Wording } from "./wording.js";

/** What an app's own answer to an operation is told. */
export interface Asked {
  /** What the document's template captured. */
  readonly values: Readonly<Record<string, unknown>>;
  /** The first identifier of whose token came along, if the operation takes one. */
  readonly user: string | null;
}

/** Who makes a call that the document says nothing about. */
export interface FakeCaller<User> {
  /** Their first identifier. */
  readonly name: string;
  /** What the API tells about them. */
  readonly user: User;
  /** Context values that came along. */
  readonly context: Readonly<Record<string, string>>;
  /** Answers in the API's own words: `say("forbidden")`. */
  say(means: Meaning, values?: Readonly<Record<string, unknown>>): Response;
}

/** The app's part of a fake API. */
export interface Own {
  readonly calls?: ((request: Request, caller: FakeCaller<never>) => unknown) | undefined;
  readonly answers?: { readonly [operation: string]: (asked: Asked) => Said | undefined } | undefined;
}

/** What a request came to: what to say, or a response of the app's own. */
type Outcome = Said | Response;

/** The header by which one renewal is known from another, and by which a server tells that it looks at it. */
const ATTEMPT = "Idempotency-Key";

/** What a backend is made of. */
export interface Setup {
  readonly dialect: DialectDocument;
  readonly issue: Issue;
  readonly users: readonly FakeUser[];
  readonly rules: Rules;
  readonly own: Own;
  readonly nowMs: () => number;
}

export class Backend {
  readonly people: People;
  sessions: Sessions;
  readonly #setup: Setup;
  readonly #dialect: DialectDocument;
  #traces = 0;

  constructor(setup: Setup) {
    this.#setup = setup;
    this.#dialect = setup.dialect;
    this.people = new People(setup.users, setup.issue);
    this.sessions = new Sessions(setup);
  }

  reset(): void {
    this.people.reset();
    this.sessions = new Sessions(this.#setup);
  }

  routeOf(asking: Asking, path: string): Route {
    return routeOf(this.#dialect, asking, path);
  }

  /** Carries out a request, and notes what it was about. */
  async serve(route: Route, request: Request, asking: Asking, entry: Entry): Promise<Response> {
    const { operation } = route;
    const outcome = await this.#outcome(route, request, asking, entry);
    if (outcome instanceof Response) return outcome;
    const headers: Record<string, string> = outcome.means === "session" && !this.#setup.rules.strict ? { [ATTEMPT]: "supported" } : {};
    return this.#respond(write(this.#dialect, operation, outcome, this.#ambient(entry.path)), headers, entry);
  }

  /** An answer in the shape of whatever has no wording, with a status of the caller's choice. */
  plain(status: number, headers: Record<string, string>, path: string): Response {
    const means = status === 429 ? "rate-limited" : status < 500 ? "invalid-request" : "server-error";
    return this.#respond(writeDefault(this.#dialect, { means }, status, this.#ambient(path)), headers);
  }

  #ambient = (path: string) => ({ nowMs: this.#setup.nowMs(), path, traceId: `trace-${++this.#traces}` });

  #respond({ status, json, means }: Wording, headers: Record<string, string>, entry?: Entry): Response {
    if (entry) entry.meaning = means;
    const typed = json === undefined ? headers : { ...headers, "content-type": "application/json" };
    return new Response(json === undefined ? null : JSON.stringify(json), { status, headers: typed });
  }

  async #outcome({ section, isMisdirected }: Route, request: Request, asking: Asking, entry: Entry): Promise<Outcome> {
    if (isMisdirected) return { means: "invalid-request", reason: "method.unsupported" };
    const caller = !section || section.attach ? this.#authenticate(request, entry) : undefined;
    if (typeof caller === "string") return { means: caller };
    if (!section) return this.#call(request, caller as Person, entry);
    const values = read(section, asking);
    if (typeof values === "string") return { means: "invalid-request", reason: values };
    entry.values = Object.fromEntries(values);
    const asked = { values: entry.values, user: caller?.name ?? null };
    return this.#setup.own.answers?.[entry.operation ?? ""]?.(asked) ?? this.#perform(entry, values, request.headers.get(ATTEMPT), caller);
  }

  #authenticate({ headers, url }: Request, entry: Entry): Person | Meaning {
    const attached = readAttached(this.#dialect, headers, new URL(url).searchParams);
    if (typeof attached === "string") return attached;
    const token = String(attached.get("access_token"));
    entry.accessToken = token;
    for (const [name, value] of attached) if (name.startsWith("context.")) entry.context = { ...entry.context, [name.slice(8)]: String(value) };
    const person = entry.operation === "logout" ? this.sessions.logout(token) : this.sessions.authenticate(token);
    if (person instanceof Person) entry.user = person.name;
    return person;
  }

  async #call(request: Request, person: Person, entry: Entry): Promise<Outcome> {
    const say = (means: Meaning, values: Readonly<Record<string, unknown>> = {}) => {
      return this.#respond(write(this.#dialect, null, { means, values }, this.#ambient(entry.path)), {}, entry);
    };
    const caller = { name: person.name, user: person.values()["user"] as never, context: entry.context, say };
    const answer = await this.#setup.own.calls?.(request, caller);
    if (answer === undefined) return { means: "invalid-request", reason: "path.unknown" };
    return answer instanceof Response ? answer : Response.json(answer);
  }

  #perform(entry: Entry, values: Values, attempt: string | null, caller: Person | undefined): Said {
    if (entry.operation === "login") return this.#login(values, entry);
    if (entry.operation === "renew") return this.#renew(values.get("refresh_token"), attempt, entry);
    const person = entry.operation === "validate" ? this.people.validate(values) : caller;
    if (entry.operation === "validate" && !person) return { means: "bad-credentials" };
    return { means: "done", values: person?.values() ?? {} };
  }

  #login(values: Values, entry: Entry): Said {
    const person = this.people.login(values);
    if (!(person instanceof Person)) return { ...person, values: person.person?.values() ?? {} };
    return this.#session(person, this.sessions.begin(person), entry);
  }

  #renew(refreshToken: unknown, attempt: string | null, entry: Entry): Said {
    const renewed = this.sessions.renew(refreshToken, attempt);
    return typeof renewed === "string" ? { means: renewed } : this.#session(renewed.person, renewed.tokens, entry);
  }

  #session(person: Person, tokens: Tokens, entry: Entry): Said {
    entry.user = person.name;
    const expires = END[this.#dialect.expires?.unit ?? "seconds"](this.#setup.rules.lifetimeSecs, this.#setup.nowMs());
    return { means: "session", values: { ...person.values(), expires, ...tokens } };
  }
}
