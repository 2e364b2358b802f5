// What goes along with requests: one element of `attach` or `always`.

import type { DialectDocument } from "../document.js";
import type { Attached } from "../wire.js";
import { withMember } from "./body.js";
import type { Fail, Maker, Sent } from "./functions.js";

const PLACES = ["header", "query", "body"] as const;

export async function element(document: DialectDocument, given: Attached, sent: Sent, { value }: Maker, fail: Fail): Promise<Attached> {
  if (given.cookies) return given;
  const templates = [...(document.always ?? []), ...document.attach].filter((it) => PLACES.some((place) => place in it && (it as Attached)[place] === given[place]));
  const made = await value(given.value, templates.map((it) => (it as Attached).value));
  if (made === undefined) return {};
  const { header, query, body } = given;
  if (query !== undefined) return put(sent, query, String(made));
  if (body !== undefined) return push(sent, body, made);
  if (header !== undefined) checkHeader(header, made, fail);
  return { ...(header !== undefined && { header }), value: made };
}

/** A parameter in place of those of that name. The others stay as they are written. */
async function put(sent: Sent, name: string, value: string): Promise<Attached> {
  const others = sent.url.search.slice(1).split("&").filter((it) => it && !new URLSearchParams(it).has(name));
  sent.url = new URL(sent.url);
  sent.url.search = [...others, new URLSearchParams([[name, value]])].join("&");
  if (sent.request) sent.request = await moved(sent.request, sent.url);
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
async function push({ init, request }: Sent, name: string, value: unknown): Promise<Attached> {
  const body = init.body ?? (await request?.clone().text());
  // An object has a type even if the app has named none.
  const type = (init.headers.get("content-type") ?? "").replace(request ? /^text\/plain.*/ : "", "");
  const more = body && withMember(body, type, name, value);
  if (more) init.body = more;
  return {};
}
