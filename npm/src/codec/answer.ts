// Answers, along the templates that may fit them.

import { fromBase64, fromBase64url } from "./encoding.js";
import { functionOf } from "./functions.js";
import { isObject, membersOf } from "./places.js";
import type { Parts } from "./body.js";
import { readXml } from "./xml.js";

const READ: Readonly<Record<string, (text: string) => unknown>> = { $json: JSON.parse, $base64: fromBase64, $base64url: fromBase64url };

/** What these templates ask of an answer: also its text, and its XML. */
export function answer(templates: readonly unknown[], { headers = {}, json }: Parts, text: string | undefined): Parts {
  const asked = (part: string) => membersOf(templates, part);
  const named = asked("headers").map((it) => isObject(it) && Object.fromEntries(Object.entries(it).map(([name, it]) => [name.toLowerCase(), it])));
  const [texts, xmls] = [asked("text"), asked("xml")];
  const xml = text === undefined || xmls.length === 0 ? undefined : readXml(text, xmls);
  return {
    headers: turned(headers, named) as NonNullable<Parts["headers"]>,
    ...(json !== undefined && { json: turned(json, asked("json")) }),
    ...(text !== undefined && texts.length > 0 && { text: turned(text.trim(), texts) }),
    ...(xml !== undefined && { xml: turned(xml, xmls) }),
  };
}

/**
 * The value with the texts decoded that the templates read by functions, and which then stand as those have them, `{ "$base64": … }`.
 * One that cannot be decoded stays as it is. It goes as deep as the templates.
 */
function turned(value: unknown, templates: readonly unknown[]): unknown {
  if (templates.length === 0) return value;
  if (typeof value === "string") return decoded(value, templates) ?? value;
  if (Array.isArray(value)) return value.map((it, at) => turned(it, templates.flatMap((it) => (Array.isArray(it) && at in it ? [it[at]] : []))));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, it]) => {
      const written = name.startsWith("$") && membersOf(templates, `$${name}`).length > 0 ? `$${name}` : name;
      return [written, turned(it, membersOf(templates, written))];
    }),
  );
}

function decoded(text: string, templates: readonly unknown[]): unknown {
  for (const template of templates) {
    const name = isObject(template) ? functionOf(template) : undefined;
    if (name === undefined || !(name in READ)) continue;
    try {
      return { [name]: turned(READ[name]!(text), membersOf([template], name)) };
    } catch {}
  }
  return undefined;
}
