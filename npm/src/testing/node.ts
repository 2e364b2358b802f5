// A fake API behind Node's `http`, for a real browser to reach. Written without Node's types, which pages do not have.

/** As much of Node's `IncomingMessage` as is used. */
export interface NodeRequest extends AsyncIterable<Uint8Array> {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined };
}

/** As much of Node's `ServerResponse` as is used. */
export interface NodeResponse {
  writeHead(status: number, headers: Record<string, string>): unknown;
  write(chunk: Uint8Array, written: () => void): unknown;
  end(): unknown;
  destroy(): unknown;
}

/** What `http.createServer` takes. */
export type NodeHandler = (request: NodeRequest, response: NodeResponse) => void;

/** Makes a handler of what answers requests. The path is the one that was asked for, a prefix of `baseUrl` included. */
export const handler =
  (base: URL, answer: (request: Request) => Promise<Response>): NodeHandler =>
  (request, response) => {
    const answered = request.method === "OPTIONS" ? preflight(request) : requestOf(base, request).then(answer);
    // A connection that breaks off is what every failure of the network looks like from outside.
    answered.then((it) => send(it, response)).catch(() => response.destroy());
  };

const header = ({ headers }: NodeRequest, name: string) => [headers[name] ?? []].flat().join(", ");

async function preflight(request: NodeRequest): Promise<Response> {
  const headers = {
    "access-control-allow-methods": header(request, "access-control-request-method"),
    "access-control-allow-headers": header(request, "access-control-request-headers"),
  };
  return new Response(null, { status: 204, headers });
}

async function requestOf(base: URL, request: NodeRequest): Promise<Request> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { method = "GET", url = "/" } = request;
  const headers = Object.keys(request.headers).map((name): [string, string] => [name, header(request, name)]);
  const body = chunks.length > 0 ? { body: new Blob(chunks as BlobPart[]) } : {};
  return new Request(new URL(url, base.origin), { method, headers, ...body });
}

async function send(answer: Response, response: NodeResponse): Promise<void> {
  // Any origin may ask, and read what the client looks at: tokens travel in headers that it sets itself, never in cookies.
  const cors = { "access-control-allow-origin": "*", "access-control-expose-headers": "Retry-After, Idempotency-Key" };
  response.writeHead(answer.status, { ...Object.fromEntries(answer.headers), ...cors });
  const reader = answer.body?.getReader();
  for (let chunk; reader && (chunk = (await reader.read()).value); ) await written(response, chunk);
  response.end();
}

// What is cut has to have been sent as far as it goes: a connection that is destroyed takes along what it still holds.
const written = (response: NodeResponse, chunk: Uint8Array) => new Promise<void>((resolve) => void response.write(chunk, resolve));
