// What goes along with requests: one element of `attach` or `always`.

import type { DialectDocument } from "../document.js";
import type { Attached } from "../wire.js";
import { withMember } from "./body.js";
import type { Fail, Maker, Sent } from "./functions.js";

const PLACES = ["header", "query", "body"] as const;

export async function element(document: DialectDocument, given: Attached, request: Sent, { value }: Maker, fail: Fail): Promise<Attached> {
  const templates = [...(document.always ?? []), ...document.attach].filter((it) => PLACES.some((place) => place in it && (it as Attached)[place] === given[place]));
  const made = await value(given.value, templates.map((it) => (it as Attached).value));
  if (made === undefined) return {};
  const { header, query, body } = given;
  if (query !== undefined) return put(request, query, String(made));
  if (body !== undefined) return push(request, body, made);
  if (header !== undefined) checkHeader(header, made, fail);
  return { ...(header !== undefined && { header }), value: made };
}

/** A parameter in place of those of that name. The others stay as they are written. */
async function put(request: Sent, name: string, value: string): Promise<Attached> {
  const others = request.url.search.slice(1).split("&").filter((it) => it && !new URLSearchParams(it).has(name));
  request.url.search = [...others, new URLSearchParams([[name, value]])].join("&");
  if (request.request) request.request = await moved(request.request, request.url);
  return {};
}

/** A request for another address, which is another request. Not every engine takes the body of one for the body of the other. */
const moved = async (request: Request, url: URL): Promise<Request> =>
  new Request(new Request(url, request.clone()), canHaveBody(request) ? { body: await request.clone().blob(), headers: request.headers } : {});

const canHaveBody = ({ method }: { readonly method: string }): boolean => !/^(?:GET|HEAD)$/i.test(method);

/** Refuses what no header can carry (RFC 9110 section 5.5), and what would break out of one. */
export function checkHeader(name: string, value: unknown, fail: Fail): void {
  if (/[^\t -~\u0080-\xff]/.test(String(value))) throw fail("invalid-argument", name);
}

/** A member more for the body. A request with none, or with one of another kind, goes without. */
async function push(request: Sent, name: string, value: unknown): Promise<Attached> {
  const body = request.body ?? (await request.request?.clone().text());
  const more = body && withMember(body, request.headers.get("content-type") ?? "", name, value);
  if (more) request.body = more;
  return {};
}
