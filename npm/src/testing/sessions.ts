// The sessions at a fake API: which tokens it has given out, and what has become of them.

import type { Issue } from "./issue.js";
import type { Meaning } from "./meaning.js";
import type { Person } from "./people.js";
import { jwt } from "./token.js";

/** How long after a renewal the refresh token before it may come again, from tabs in a race. */
const RACE_MS = 30_000;

interface Session {
  readonly id: string;
  readonly person: Person;
  generation: number;
  renewedAtMs: number;
  endsAtMs: number;
  /** The key under which its last renewal was asked for. */
  attempt: string | null;
  ended: boolean;
}

/** What a login or a renewal gives. */
export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
}

/** How sessions go on. */
export interface Rules {
  readonly lifetimeSecs: number;
  readonly refreshLifetimeSecs: number;
  /** Whether any second use of a refresh token ends its session. */
  readonly strict: boolean;
}

export class Sessions {
  readonly #issue: Issue;
  readonly #rules: Rules;
  readonly #nowMs: () => number;
  // No two fakes know each other's tokens.
  readonly #realm = Math.random().toString(36).slice(2, 10);
  #all: Session[] = [];
  #access = new Map<string, { readonly session: Session; expiresAtMs: number }>();
  #refresh = new Map<string, { readonly session: Session; readonly generation: number }>();
  #issued = 0;

  constructor({ issue, rules, nowMs }: { readonly issue: Issue; readonly rules: Rules; readonly nowMs: () => number }) {
    this.#issue = issue;
    this.#rules = rules;
    this.#nowMs = nowMs;
  }

  begin(person: Person): Tokens {
    const id = `${this.#realm}-${this.#all.length + 1}`;
    const session: Session = { id, person, generation: 1, renewedAtMs: -Infinity, endsAtMs: 0, attempt: null, ended: false };
    this.#all.push(session);
    return this.#give(session);
  }

  /**
   * The next tokens, or why there are none. The step that the last renewal made is answered again to who asks with the same key, or
   * soon: the answer was lost, or tabs are in a race. Whatever else comes a second time is in two hands, and ends the session.
   */
  renew(refreshToken: unknown, attempt: string | null): { readonly person: Person; readonly tokens: Tokens } | Meaning {
    const found = this.#refresh.get(refreshToken as string);
    const now = this.#nowMs();
    if (!found || found.session.ended || found.session.endsAtMs <= now) return "session-ended";
    const { session, generation } = found;
    if (session.person.state === "disabled") return "account-disabled";
    if (generation === session.generation) Object.assign(session, { generation: generation + 1, renewedAtMs: now, attempt });
    else if (generation + 1 !== session.generation || !this.#mayComeAgain(session, attempt)) {
      session.ended = true;
      return "session-ended";
    }
    return { person: session.person, tokens: this.#give(session) };
  }

  #mayComeAgain(session: Session, attempt: string | null): boolean {
    if (this.#rules.strict) return false;
    return (attempt !== null && attempt === session.attempt) || Math.abs(this.#nowMs() - session.renewedAtMs) <= RACE_MS;
  }

  /** Whose token that is, if it is good. */
  authenticate(accessToken: string): Person | Meaning {
    const found = this.#access.get(accessToken);
    if (!found || found.expiresAtMs <= this.#nowMs()) return "token-expired";
    const { person, ended } = found.session;
    if (person.state === "disabled") return "account-disabled";
    return ended ? "session-ended" : person;
  }

  /** Ends the session that a token is of, however old the token is. */
  logout(accessToken: string): Person | Meaning {
    const found = this.#access.get(accessToken);
    if (!found) return "token-expired";
    found.session.ended = true;
    return found.session.person;
  }

  /** Lets the access tokens expire; everybody's, if nobody is named. */
  expire(person?: Person): void {
    const now = this.#nowMs();
    for (const it of this.#access.values()) if (!person || it.session.person === person) it.expiresAtMs = Math.min(it.expiresAtMs, now);
  }

  end(person?: Person): void {
    for (const it of this.#all) if (!person || it.person === person) it.ended = true;
  }

  #give(session: Session): Tokens {
    const now = this.#nowMs();
    const issued_at = Math.floor(now / 1000);
    const expires_at = issued_at + this.#rules.lifetimeSecs;
    const token_id = `${session.id}-${++this.#issued}`;
    const header = this.#issue.header ?? { alg: this.#issue.alg ?? "HS256", typ: "JWT" };
    const access_token = jwt(header, session.person.claims({ issued_at, expires_at, token_id }));
    const refresh_token = `refresh-${session.id}-${session.generation}`;
    session.endsAtMs = now + this.#rules.refreshLifetimeSecs * 1000;
    this.#access.set(access_token, { session, expiresAtMs: now + this.#rules.lifetimeSecs * 1000 });
    this.#refresh.set(refresh_token, { session, generation: session.generation });
    return { access_token, refresh_token };
  }
}
