// `auth.fetch`: the platform's fetch with a session. While the token is fresh, no wasm takes part.

import { AuthError } from "./error.js";
import type { Session } from "./session.js";
import { Ask, type Grant, type Refused } from "./wire.js";

/** As much of a refusal as is looked at; no API writes longer ones. */
const MAX_REFUSAL = 65_536;

/** What decides about a call, for one client. */
export interface Caller {
  readonly session: Session;
  readonly resolve: (url: string) => URL;
  /** The statuses with which a refusal can come. */
  readonly refusals: ReadonlySet<number>;
  /** Whether the platform may follow redirects: only if the token is in `Authorization`, which it drops by itself. */
  readonly follows: boolean;
}

export async function call(caller: Caller, input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  const { session } = caller;
  const request = typeof input === "object" && "url" in input ? input : undefined;
  const url = caller.resolve(request ? request.url : String(input));
  const signal = init.signal ?? request?.signal;
  const options = { signal: signal ?? undefined };
  const send = sender(caller, url, request, init);
  try {
    const grant = session.fresh() ?? (await session.ask<Grant>(Ask.Authorize, options));
    const [handOver, meaning, response] = await attempt(caller, () => send(grant));
    if (meaning === undefined) return handOver();
    const again = await session.ask<Grant | false>(Ask.Refused, options, ...refused(grant, meaning, false));
    if (again === false) return handOver();
    if (init.body instanceof ReadableStream) throw new AuthError({ code: "not-replayable", retryable: true });
    response?.body?.cancel().catch(() => {});
    const [last, sentence] = await attempt(caller, () => send(again));
    if (sentence !== undefined) await session.ask(Ask.Refused, options, ...refused(again, sentence, true));
    return last();
  } catch (error) {
    throw signal?.aborted && error instanceof AuthError ? signal.reason : error;
  }
}

const refused = ({ login, generation, context }: Grant, meaning: string, again: boolean): Refused => [login, generation, context, meaning, again];

/** Sends a call any number of times, each with another grant. A `Request` is cloned, for its body can be read only once. */
function sender({ session, follows }: Caller, url: URL, request: Request | undefined, init: RequestInit): (grant: Grant) => Promise<Response> {
  const redirect = follows || init.redirect === "manual" ? {} : ({ redirect: "error" } as const);
  return async (grant) => {
    const headers = new Headers(init.headers ?? request?.headers);
    for (const [name, value] of grant.headers) headers.set(name, value);
    const complete = { ...init, ...redirect, headers };
    const response = await (request ? session.fetch(new Request(request.clone(), complete)) : session.fetch(url.href, complete));
    session.log({ kind: "call", at: Date.now(), method: init.method ?? request?.method ?? "GET", path: url.pathname, status: response.status });
    return response;
  };
}

/** What came of a call: how to hand it over, what it meant to the session, and the response, if there is one. */
type Outcome = [handOver: () => Response, meaning: string | undefined, response?: Response];

async function attempt({ session, refusals }: Caller, send: () => Promise<Response>): Promise<Outcome> {
  try {
    const response = await send();
    return [() => response, refusals.has(response.status) ? session.judge(response.status, await peek(response)) : undefined, response];
  } catch (error) {
    const handOver = () => {
      throw error;
    };
    // A browser hides a refusal without CORS headers behind a network failure.
    return [handOver, error instanceof TypeError && session.expired ? "token-expired" : undefined];
  }
}

/** The text of a copy; empty if it is too long for a refusal. */
async function peek(response: Response): Promise<string> {
  const reader = response.clone().body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (let chunk; reader && !(chunk = await reader.read()).done; ) {
    text += decoder.decode(chunk.value, { stream: true });
    if (text.length > MAX_REFUSAL) {
      void reader.cancel();
      return "";
    }
  }
  return text;
}
