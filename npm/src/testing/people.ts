// Who may log in at a fake API.

import type { ClaimsOf, DialectDocument, UserOf } from "../document.js";
import { isWithin, personOf, type Issue } from "./issue.js";
import type { Meaning, Reason } from "./meaning.js";
import { fill, type Values } from "./template.js";

/** Somebody who may log in. */
export interface FakeUser<D extends DialectDocument = DialectDocument> {
  /** What they log in with. With several, the first is what the fake calls them. */
  readonly identifier: string | readonly string[];
  readonly password: string;
  /** Further values of the login that have to be the user's own, such as a `field.pin`. */
  readonly fields?: { readonly [name: string]: string };
  /** What the API tells about them. Made from `account` if not given. */
  readonly user?: UserOf<D>;
  /** Claims of their tokens beside, or instead of, those that the document's templates make. */
  readonly claims?: Partial<ClaimsOf<D>>;
  readonly permissions?: readonly string[];
  /** What the document's templates know as `user.<name>`: `{ role: "ADMIN" }`. What is left out gets a value of its type. */
  readonly account?: { readonly [name: string]: unknown };
  /** `active` if not given. */
  readonly state?: "active" | "disabled" | "not-validated" | "locked";
  /** With what the operation `validate` makes the account active; `000000` if not given. */
  readonly code?: string;
}

/** A user of a fake, as it goes on. */
export class Person {
  readonly name: string;
  readonly person: Values;
  state: NonNullable<FakeUser["state"]>;

  readonly given: FakeUser;
  readonly #issue: Issue;

  constructor(given: FakeUser, issue: Issue, number: number) {
    this.given = given;
    this.#issue = issue;
    this.name = [given.identifier].flat()[0] ?? "";
    this.person = personOf(issue, this.name, number, given.account ?? {});
    this.state = given.state ?? "active";
  }

  isCalled(identifier: unknown): boolean {
    return [this.given.identifier].flat().includes(identifier as string);
  }

  /** Whether everything that was captured is this user's own. */
  knows(values: Values): boolean {
    const own = { password: this.given.password, ...this.given.fields };
    return Object.entries(own).every(([name, text]) => !values.has(name) || values.get(name) === text);
  }

  /** What the answers' holes are filled with. */
  values(): { readonly [name: string]: unknown } {
    const { user, permissions } = this.given;
    return {
      user: user ?? this.#fill(this.#issue.user, this.person) ?? { username: this.name },
      permissions: permissions ?? this.person.get("permissions"),
      email: this.person.get("user.email"),
      resend_code: `resend-${this.name}`,
    };
  }

  claims(own: { readonly issued_at: number; readonly expires_at: number; readonly token_id: string }): object {
    const plain = { sub: this.name, iat: own.issued_at, exp: own.expires_at, jti: own.token_id };
    const filled = this.#fill(this.#issue.claims, new Map([...this.person, ...Object.entries(own)]));
    return { ...((filled ?? plain) as object), ...this.given.claims };
  }

  #fill(template: unknown, values: Values): unknown {
    return template === undefined ? undefined : fill(template, values, () => null);
  }
}

const REFUSED: { readonly [state in Person["state"]]: Meaning | null } = {
  active: null,
  disabled: "account-disabled",
  "not-validated": "account-not-validated",
  locked: "account-locked",
};

/** Everybody at one fake. */
export class People {
  readonly #all: readonly Person[];
  readonly #limits: Issue["limits"];

  constructor(users: readonly FakeUser[], issue: Issue) {
    this.#all = users.map((it, at) => new Person(it, issue, at + 1));
    this.#limits = issue.limits;
  }

  /** Who is called so. @throws if nobody is */
  named(identifier: string): Person {
    const found = this.#all.find((it) => it.isCalled(identifier));
    if (!found) throw new Error(`fakeApi: no user is called ${JSON.stringify(identifier)}`);
    return found;
  }

  /** Who logs in with these values, or why not. What state an account is in is told only to who knows its password. */
  login(values: Values): Person | { means: Meaning; reason?: Reason; person?: Person } {
    const reason = this.#tooLong(values);
    if (reason) return { means: "invalid-request", reason };
    const person = this.#all.find((it) => it.isCalled(values.get("identifier")));
    if (!person) return { means: "unknown-user" };
    if (!person.knows(values)) return { means: "wrong-password" };
    const means = REFUSED[person.state];
    return means === null ? person : { means, person };
  }

  /** Makes an account active, for who brings its code and password. */
  validate(values: Values): Person | undefined {
    const person = this.#all.find((it) => it.state === "not-validated" && (it.given.code ?? "000000") === values.get("code") && it.knows(values));
    if (person) person.state = "active";
    return person;
  }

  reset(): void {
    for (const it of this.#all) it.state = it.given.state ?? "active";
  }

  #tooLong(values: Values): Reason | undefined {
    if (!isWithin(values.get("identifier"), this.#limits?.identifier)) return "identifier.length";
    return isWithin(values.get("password"), this.#limits?.password) ? undefined : "password.length";
  }
}
