// Dialect documents as TypeScript sees them, and what a document's templates say about the values they need.

import type { AnswerCode } from "./error.js";

/** A text with holes, `"Bearer {access_token}"`, or a function that gives a text. */
export type Text = string | FunctionDocument;

/** Functions, each an object with that one member. `docs/dialects/format.md` says what they give. */
export type FunctionDocument =
  | { readonly $concat: readonly Text[] }
  | { readonly $lower: Text }
  | { readonly $upper: Text }
  | { readonly $url: Text }
  | { readonly $base64: Text }
  | { readonly $base64url: Text }
  | { readonly $json: unknown }
  | { readonly $md5: Text }
  | { readonly $sha1: Text }
  | { readonly $sha256: Text }
  | { readonly $sha512: Text }
  | { readonly "$hmac-sha1": KeyAndText }
  | { readonly "$hmac-sha256": KeyAndText }
  | { readonly "$hmac-sha512": KeyAndText }
  | { readonly $now: "epoch" | "epoch-millis" | "iso8601" }
  | { readonly $uuid: true }
  | { readonly $cookie: string }
  | { readonly $plugin: string; readonly [input: string]: unknown };

interface KeyAndText {
  readonly key: Text;
  readonly text: Text;
}

/** What an answer can mean. */
export type MeaningName = "session" | "done" | AnswerCode;

/** What can be wrong with a request. */
export type ReasonName =
  | `${"identifier" | "password"}.${"missing" | "malformed" | "length"}`
  | `field.${"missing" | "malformed"}`
  | "body.unreadable"
  | "body.too-large"
  | "path.unknown"
  | "method.unsupported"
  | "content-type.unsupported";

/** The outline of a dialect document. `docs/dialects/format.md` is the reference. */
export interface DialectDocument {
  readonly $schema?: string;
  readonly relatch: 1;
  readonly name: string;
  readonly title?: string;
  /** What goes along with every request that carries the token. */
  readonly attach: readonly (AttachDocument | { readonly cookies: true })[];
  /** What goes along with every request. */
  readonly always?: readonly AttachDocument[];
  readonly expires?: ExpiresDocument;
  readonly login: OperationDocument;
  readonly renew?: OperationDocument | "login" | "none";
  readonly challenges?: { readonly [kind: string]: OperationDocument };
  readonly operations?: { readonly [name: string]: OperationDocument };
  readonly refusals?: readonly AnswerDocument[];
  /** What any answer may bring along. */
  readonly observe?: readonly ObservedDocument[];
  readonly errors?: { readonly json: unknown };
  readonly issue?: unknown;
}

/** A header, a parameter of the query, or a member of the body. */
export type AttachDocument =
  | { readonly header: string; readonly value: Text }
  | { readonly query: string; readonly value: Text }
  | { readonly body: string; readonly value: Text };

/** When an access token ends. */
export interface ExpiresDocument {
  readonly jwt?: boolean;
  readonly after_secs?: number;
  readonly idle_secs?: number;
  /** What the captured `{expires}` counts. */
  readonly unit?: "seconds" | "millis" | "minutes" | "hours" | "days" | "epoch" | "epoch-millis" | "iso8601";
}

/** One operation: its request, and its answers in the order in which they are tried. */
export interface OperationDocument extends StepDocument {
  readonly alternatives?: readonly RequestDocument[];
  /** What is sent before it. */
  readonly before?: readonly StepDocument[];
}

/** A request, and the answers to it. */
export interface StepDocument {
  readonly request: RequestDocument;
  readonly attach?: boolean;
  readonly answers: readonly AnswerDocument[];
}

type Field = Text | number | boolean;
type Fields = { readonly [name: string]: Field | readonly Field[] };

/** The kinds of bodies, of which a message has one at the most. */
interface Bodies {
  readonly json: unknown;
  readonly form: Fields;
  readonly multipart: Fields;
  readonly text: Text;
  readonly xml: { readonly [root: string]: unknown };
}

type OneOf<Kinds extends keyof Bodies> =
  | { readonly [Kind in Kinds]?: never }
  | { [Kind in Kinds]: { readonly [It in Kind]: Bodies[It] } & { readonly [Other in Exclude<Kinds, Kind>]?: never } }[Kinds];

/** A request template. */
export type RequestDocument = {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Fields;
  readonly headers?: { readonly [name: string]: Text };
} & OneOf<keyof Bodies>;

/** What is looked for in an answer. */
export type ObservedDocument = {
  readonly status?: number | readonly number[];
  readonly headers?: { readonly [name: string]: Text };
} & OneOf<"json" | "text" | "xml">;

/** An answer template, and what it means. */
export type AnswerDocument = ObservedDocument & {
  readonly means: MeaningName;
  readonly reason?: ReasonName;
  readonly also?: readonly MeaningName[];
  /** Which of the document's challenges. */
  readonly challenge?: string;
};

declare const shapes: unique symbol;

/** A document that also knows the shapes of its users and claims. They exist for the type checker alone. */
export type Typed<User, Claims> = { readonly [shapes]?: { readonly user: User; readonly claims: Claims } };

/** The user as the API shapes it; `unknown` for a document that does not say. */
export type UserOf<D> = D extends Typed<infer User, unknown> ? User : unknown;

/** The claims of the API's tokens. */
export type ClaimsOf<D> = D extends Typed<unknown, infer Claims>
  ? unknown extends Claims
    ? Record<string, unknown>
    : Claims
  : Record<string, unknown>;

// The names of the holes in a template, with their question marks. Where the document is not known, there is no end of functions.
type Holes<T> = [Text] extends [T]
  ? never
  : T extends string
    ? T extends `${string}{${infer Name}}${infer Rest}`
      ? Name | Holes<Rest>
      : never
    : T extends readonly (infer Element)[]
      ? Holes<Element>
      : T extends object
        ? { [Key in keyof T]: Holes<T[Key]> }[keyof T]
        : never;

// What the session fills in by itself.
type Own = "_" | "access_token" | "refresh_token" | "expires" | `${"context" | "session" | "challenge" | "step"}.${string}`;

type Needed<Names> = Names extends `${string}?` ? never : Exclude<Names, Own>;
type Possible<Names> = Names extends `${infer Name}?` ? Exclude<Name, Own> : never;

// What an API wants beside the names that all know may be anything.
type ValueOf<Name> = Name extends `field.${string}` ? unknown : string;

type ValuesNamed<Names> = { readonly [Name in Needed<Names> & string]: ValueOf<Name> } & {
  readonly [Name in Possible<Names> & string]?: ValueOf<Name>;
};

/** The values that a request template wants. A document whose templates are not known to the checker takes any. */
export type ValuesOf<Request> = [Holes<Request>] extends [never] ? { readonly [name: string]: unknown } : ValuesNamed<Holes<Request>>;

// The requests of an operation: its own, and those before it.
type RequestsOf<Operation> =
  | (Operation extends { readonly request: infer Request } ? Request : never)
  | (Operation extends { readonly before: readonly (infer Step)[] } ? (Step extends { readonly request: infer Request } ? Request : never) : never);

/** What `login` takes. */
export type CredentialsOf<D extends DialectDocument> = ValuesOf<RequestsOf<D["login"]>>;

// A document that lacks a member has none of that type, and not an unknown one.
type MemberOf<T, Name extends string> = T extends { readonly [N in Name]: infer Member } ? Member : never;

type ChallengesOf<D> = MemberOf<D, "challenges">;

/** The kinds of the document's challenges. */
export type ChallengeOf<D extends DialectDocument> = keyof ChallengesOf<D> & string;

// What a login was given, a challenge need not be told again.
type Given<D extends DialectDocument> = Holes<RequestsOf<D["login"]>> extends infer Names ? Names | (Names extends `${infer Name}?` ? Name : `${Names & string}?`) : never;

/** What `answer` takes: whatever the challenge of that kind wants beyond what the login was given. */
export type AnswerOf<D extends DialectDocument, Kind extends ChallengeOf<D> = ChallengeOf<D>> = string extends Kind
  ? { readonly [name: string]: unknown }
  : { [Each in Kind]: ValuesNamed<Exclude<Holes<RequestsOf<ChallengesOf<D>[Each]>>, Given<D>>> }[Kind];

type Each<T> = T[keyof T];

/** The names of the context values that go along with requests, such as `organization`. */
export type ContextOf<D extends DialectDocument> =
  | Holes<D["attach"]>
  | Holes<MemberOf<D, "always">>
  | Holes<RequestsOf<D["login"] | MemberOf<D, "renew"> | Each<MemberOf<D, "operations">> | Each<ChallengesOf<D>>>> extends infer Names
    ? Names extends `context.${infer Name}`
      ? Name extends `${infer Plain}?`
        ? Plain
        : Name
      : never
    : never;

// Functions of the app's, wherever they stand.
type PluginsIn<T> = [Text] extends [T] ? never : T extends { readonly $plugin: infer Name extends string }
  ? Name
  : T extends readonly (infer Element)[]
    ? PluginsIn<Element>
    : T extends object
      ? { [Key in keyof T]: PluginsIn<T[Key]> }[keyof T]
      : never;

/** The names of the functions that the document asks the app for. */
export type PluginOf<D extends DialectDocument> = DialectDocument extends D ? string : PluginsIn<D>;

/** The names of the document's own operations. */
export type OperationOf<D extends DialectDocument> = keyof NonNullable<D["operations"]> & string;

/** What an operation takes. */
export type ArgumentsOf<D extends DialectDocument, Name extends string> =
  NonNullable<D["operations"]> extends { readonly [N in Name]: infer Operation }
    ? Holes<RequestsOf<Operation>> extends infer Names
      ? [Needed<Names> | Possible<Names>] extends [never]
        ? { readonly [name: string]: never }
        : ValuesNamed<Names>
      : never
    : { readonly [name: string]: unknown };

type Done<Answers> = Answers extends readonly (infer Answer)[] ? (Answer extends { readonly means: "done" } ? Holes<Omit<Answer, "means">> : never) : never;

type Plain<Name> = Exclude<Name extends `${infer Plain}?` ? Plain : Name, Own>;

/** What an operation gives: the captures of its answer. */
export type ResultOf<D extends DialectDocument, Name extends string> =
  NonNullable<D["operations"]> extends { readonly [N in Name]: { readonly answers: infer Answers } }
    ? { readonly [Key in Done<Answers> & string as Plain<Key>]: Key extends "user" ? UserOf<D> : Key extends "email" ? string : unknown }
    : { readonly [name: string]: unknown };

/** Types a document of your own: what its templates ask for is what `login` and `perform` will take. */
export const defineDialect = <const D extends DialectDocument>(document: D): D => document;
