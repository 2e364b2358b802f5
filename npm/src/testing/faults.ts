// What can go wrong between an app and its API. One row for each kind says what comes instead of the API's answer, or what becomes of it.

/** A fault. What is needed beside `kind` depends on it. */
export type Fault = { readonly [K in FaultKind]: FaultScope & { readonly kind: K } & FaultDetails[K] }[FaultKind];

/** Which requests a fault befalls. */
export interface FaultScope {
  /** The requests of that operation (`login`, `renew`, `logout`, …) or of that method and path (`GET /orders`); all if not given. */
  readonly operation?: string;
  /** How many of them; one if not given, `Infinity` until it is lifted. */
  readonly times?: number;
}

interface FaultDetails {
  /** The API never hears of it. */
  "refuse-connection": unknown;
  /** The API does what it was asked for, and the answer is lost. */
  "drop-answer": unknown;
  /** The API does what it was asked for, and the answer breaks off in its middle. */
  cut: unknown;
  /** The answer comes late; with `Infinity`, never. */
  delay: { readonly ms: number };
  /** Something in between answers with that status; `retryAfter` is told in seconds, or as the date that it is. */
  status: { readonly status: number; readonly retryAfter?: number | Date };
  /** A captive portal answers with its own page, and 200. */
  html: unknown;
}

export type FaultKind = keyof FaultDetails;

interface Conduct<K extends FaultKind> {
  /** Answers, or fails, in the API's place. */
  readonly instead?: (fault: FaultDetails[K], say: (status: number, headers: Record<string, string>) => Response) => Response;
  /** What becomes of the API's answer. */
  readonly then?: (answer: Response, fault: FaultDetails[K], signal: AbortSignal | undefined) => Promise<Response>;
}

/** The failure that a platform's own fetch rejects with. */
export const unreachable = (): TypeError => new TypeError("fetch failed");

const fail = () => {
  throw unreachable();
};

const PORTAL = "<!doctype html><title>Welcome</title><p>Accept the terms of this network to go on.";

const CONDUCT: { readonly [K in FaultKind]: Conduct<K> } = {
  "refuse-connection": { instead: fail },
  "drop-answer": { then: fail },
  cut: { then: cut },
  delay: { then: async (answer, { ms }, signal) => (await pause(ms, signal), answer) },
  status: { instead: ({ status, retryAfter }, say) => say(status, retryAfter === undefined ? {} : { "retry-after": spelled(retryAfter) }) },
  html: { instead: () => new Response(PORTAL, { headers: { "content-type": "text/html; charset=utf-8" } }) },
};

const spelled = (retryAfter: number | Date) => (typeof retryAfter === "number" ? String(retryAfter) : retryAfter.toUTCString());

/** What a fault says in the API's place, if it does. */
export const instead = (fault: Fault, say: (status: number, headers: Record<string, string>) => Response): Response | undefined =>
  (CONDUCT[fault.kind] as Conduct<FaultKind>).instead?.(fault as never, say);

/** The API's answer, as the fault lets it through. */
export const through = async (fault: Fault, answer: Response, signal: AbortSignal | undefined): Promise<Response> =>
  (await (CONDUCT[fault.kind] as Conduct<FaultKind>).then?.(answer, fault as never, signal)) ?? answer;

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const timer = ms === Infinity ? undefined : setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => (clearTimeout(timer), reject(signal.reason)), { once: true });
  });
}

async function cut(answer: Response): Promise<Response> {
  const whole = new Uint8Array(await answer.arrayBuffer());
  if (whole.length === 0) throw unreachable();
  const pieces = [whole.subarray(0, Math.ceil(whole.length / 2))];
  const pull = (controller: ReadableStreamDefaultController<Uint8Array>) => {
    const piece = pieces.pop();
    if (piece) controller.enqueue(piece);
    else controller.error(new TypeError("terminated"));
  };
  const headers = new Headers(answer.headers);
  headers.set("content-length", String(whole.length));
  return new Response(new ReadableStream({ pull }), { status: answer.status, headers });
}

/** The faults that are still to come. */
export class Faults {
  #coming: { readonly fault: Fault; left: number }[] = [];

  /** Returns what lifts it. */
  add(fault: Fault): () => void {
    const entry = { fault, left: fault.times ?? 1 };
    this.#coming.push(entry);
    return () => void (entry.left = 0);
  }

  /** The fault for this request, the oldest that befalls it. */
  take(names: (what: string) => boolean): Fault | undefined {
    const entry = this.#coming.find(({ fault, left }) => left > 0 && (fault.operation === undefined || names(fault.operation)));
    if (!entry) return undefined;
    entry.left--;
    this.#coming = this.#coming.filter(({ left }) => left > 0);
    return entry.fault;
  }

  clear(): void {
    this.#coming = [];
  }
}
