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
  if (header !== undefined) checkHeader(header, made, fail);
  if (body === undefined) return { ...(header !== undefined && { header }), ...(query !== undefined && { query }), value: made };
  if (!/^(?:GET|HEAD)$/i.test(request.method)) await push(request, body, made, fail);
  return {};
}

/** Refuses what no header can carry (RFC 9110 section 5.5), and what would break out of one. */
export function checkHeader(name: string, value: unknown, fail: Fail): void {
  if (/[^\t -~\u0080-\xff]/.test(String(value))) throw fail("invalid-argument", name);
}

/** A member more for the body. One that is not there becomes a JSON object. */
async function push(request: Sent, name: string, value: unknown, fail: Fail): Promise<void> {
  const { headers, body } = request;
  if ((body === undefined || body === null) && !headers.has("content-type")) headers.set("content-type", "application/json");
  request.body = withMember(body ?? (/json/.test(headers.get("content-type") ?? "") ? "{}" : ""), headers.get("content-type") ?? "", name, value, fail);
}
