// `auth.fetch`: the platform's fetch with a session. While the token is fresh, no wasm takes part.

import type { DialectDocument } from "./document.js";
import type { Judge } from "./engine.js";
import { AuthError } from "./error.js";
import type { Sent } from "./codec/functions.js";
import { attach, partsOf } from "./runtime.js";
import type { Session } from "./session.js";
import { Ask, type Attached, type Grant, type Refused } from "./wire.js";

/** As much of a refusal as is looked at; no API writes longer ones. */
const MAX_REFUSAL = 65_536;

/** What decides about a call, for one client. */
export interface Caller extends Habits {
  readonly session: Session;
  readonly resolve: (url: string) => URL;
}

/** What a document says about calls. */
interface Habits {
  /** What an answer means, unless the full engine judges it. */
  readonly judge: Judge;
  /** Whether the platform may follow redirects: only if the token is in `Authorization` alone, which it drops by itself. */
  readonly follows: boolean;
}

export function habits({ attach, refusals }: DialectDocument): Habits {
  const statuses = refusals?.flatMap((it) => it.status) ?? [401];
  return {
    judge: async (look, response) => (statuses.includes(response.status) ? (look(Ask.Judge, response.status, await partsOf(response.clone(), MAX_REFUSAL)) as string | undefined) : undefined),
    follows: attach.every((it: Attached) => /^authorization$/i.test(it.header ?? "") || !/"cookies"|\{(?:access_token|session)/.test(JSON.stringify(it))),
  };
}

export async function call(caller: Caller, input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  const { session } = caller;
  const request = typeof input === "object" && "url" in input ? input : undefined;
  const url = caller.resolve(request ? request.url : String(input));
  const signal = init.signal ?? request?.signal;
  const options = { signal: signal ?? undefined };
  const send = sender(caller, url, request, init, signal);
  try {
    const grant = session.fresh() ?? (await session.ask<Grant>(Ask.Authorize, options));
    const [handOver, meaning, response] = await attempt(caller, send, grant);
    if (meaning === undefined) return handOver();
    const again = await session.ask<Grant | false>(Ask.Refused, options, ...refused(grant, meaning, false));
    if (again === false) return handOver();
    if (init.body instanceof ReadableStream) throw new AuthError({ code: "not-replayable", retryable: true });
    response?.body?.cancel().catch(() => {});
    const [last, sentence] = await attempt(caller, send, again);
    if (sentence !== undefined) await session.ask(Ask.Refused, options, ...refused(again, sentence, true));
    return last();
  } catch (error) {
    throw signal?.aborted && error instanceof AuthError ? signal.reason : error;
  }
}

const refused = ({ login, generation, context }: Grant, meaning: string, again: boolean): Refused => [login, generation, context, meaning, again];

/** Sends a call any number of times, each with another grant. A `Request` is cloned, for its body can be read only once. */
function sender({ session, follows }: Caller, url: URL, request: Request | undefined, init: RequestInit, signal?: AbortSignal | null): (grant: Grant) => Promise<Response> {
  const redirect = follows || init.redirect === "manual" ? {} : ({ redirect: "error" } as const);
  return async ({ attached }) => {
    const sent: Sent = { url, request, init: { ...init, ...redirect, headers: new Headers(init.headers ?? request?.headers) } };
    await attach(sent, attached, session.extras()?.codec, signal);
    const response = await (sent.request ? session.fetch(new Request(sent.request.clone(), sent.init)) : session.fetch(sent.url.href, sent.init));
    session.log({ kind: "call", at: Date.now(), method: init.method ?? request?.method ?? "GET", path: url.pathname, status: response.status });
    return response;
  };
}

/** What came of a call: how to hand it over, what it meant to the session, and the response, if there is one. */
type Outcome = [handOver: () => Response, meaning: string | undefined, response?: Response];

async function attempt({ session, judge }: Caller, send: (grant: Grant) => Promise<Response>, grant: Grant): Promise<Outcome> {
  try {
    const response = await send(grant);
    return [() => response, await (session.extras()?.judge ?? judge)(session.look, response, grant), response];
  } catch (error) {
    const handOver = () => {
      throw error;
    };
    // A browser hides a refusal without CORS headers behind a network failure.
    return [handOver, error instanceof TypeError && session.isExpired() ? "token-expired" : undefined];
  }
}
