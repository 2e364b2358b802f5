// Dialect documents as TypeScript sees them, and what a document's templates say about the values they need.

/** The outline of a dialect document. `docs/dialects/format.md` is the reference. */
export interface DialectDocument {
  readonly relatch: 1;
  readonly name: string;
  readonly title?: string;
  readonly attach: readonly { readonly header: string; readonly value: string }[];
  readonly expires?: { readonly jwt?: boolean; readonly after_secs?: number };
  readonly login: OperationDocument;
  readonly renew?: OperationDocument | "login" | "none";
  readonly operations?: { readonly [name: string]: OperationDocument };
  readonly refusals?: readonly AnswerDocument[];
  readonly errors?: { readonly json: unknown };
  readonly issue?: unknown;
}

/** One operation: its request, and its answers in the order in which they are tried. */
export interface OperationDocument {
  readonly request: RequestDocument;
  readonly alternatives?: readonly RequestDocument[];
  readonly attach?: boolean;
  readonly answers: readonly AnswerDocument[];
}

/** A request template. */
export interface RequestDocument {
  readonly method: string;
  readonly path: string;
  readonly headers?: { readonly [name: string]: string };
  readonly json?: unknown;
}

/** An answer template, and what it means. */
export interface AnswerDocument {
  readonly status: number;
  readonly json?: unknown;
  readonly means: string;
  readonly reason?: string;
  readonly also?: readonly string[];
}

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

// The names of the holes in a template, with their question marks.
type Holes<T> = T extends string
  ? T extends `${string}{${infer Name}}${infer Rest}`
    ? Name | Holes<Rest>
    : never
  : T extends readonly (infer Element)[]
    ? Holes<Element>
    : T extends object
      ? { [Key in keyof T]: Holes<T[Key]> }[keyof T]
      : never;

// What the session fills in by itself.
type Own = "access_token" | "refresh_token" | `context.${string}`;

type Needed<Names> = Names extends `${string}?` ? never : Exclude<Names, Own>;
type Possible<Names> = Names extends `${infer Name}?` ? Exclude<Name, Own> : never;

/** The values that a request template wants. A document whose templates are not known to the checker takes any. */
export type ValuesOf<Request> = [Holes<Request>] extends [never]
  ? { readonly [name: string]: unknown }
  : { readonly [Name in Needed<Holes<Request>> & string]: string } & {
      readonly [Name in Possible<Holes<Request>> & string]?: string;
    };

/** What `login` takes. */
export type CredentialsOf<D extends DialectDocument> = ValuesOf<D["login"]["request"]>;

/** The names of the context values that go along with calls, such as `organization`. */
export type ContextOf<D extends DialectDocument> =
  Holes<D["attach"]> extends infer Names
    ? Names extends `context.${infer Name}`
      ? Name extends `${infer Plain}?`
        ? Plain
        : Name
      : never
    : never;

/** The names of the document's own operations. */
export type OperationOf<D extends DialectDocument> = keyof NonNullable<D["operations"]> & string;

/** What an operation takes. */
export type ArgumentsOf<D extends DialectDocument, Name extends string> =
  NonNullable<D["operations"]> extends { readonly [N in Name]: { readonly request: infer Request } }
    ? Holes<Request> extends infer Names
      ? [Needed<Names> | Possible<Names>] extends [never]
        ? { readonly [name: string]: never }
        : ValuesOf<Request>
      : never
    : { readonly [name: string]: unknown };

type Done<Answers> = Answers extends readonly (infer Answer)[]
  ? Answer extends { readonly means: "done"; readonly json: infer Json }
    ? Holes<Json>
    : never
  : never;

/** What an operation gives: the captures of its answer. */
export type ResultOf<D extends DialectDocument, Name extends string> =
  NonNullable<D["operations"]> extends { readonly [N in Name]: { readonly answers: infer Answers } }
    ? { readonly [Key in Done<Answers> & string as Key extends `${infer Plain}?` ? Plain : Key]: Key extends "user" ? UserOf<D> : Key extends "email" ? string : unknown }
    : { readonly [name: string]: unknown };

/** Types a document of your own: what its templates ask for is what `login` and `perform` will take. */
export const defineDialect = <const D extends DialectDocument>(document: D): D => document;
