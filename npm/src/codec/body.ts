// The bodies that are neither JSON nor forms.

import { writeXml } from "./xml.js";
import type { Fail } from "./functions.js";
import { isObject, type Members } from "./places.js";

/** The parts of a request or an answer, by name. */
export interface Parts {
  readonly headers?: Members;
  readonly multipart?: Members;
  readonly text?: unknown;
  readonly xml?: unknown;
  readonly json?: unknown;
  readonly body?: BodyInit;
}

/** A request's parts with its body, and what type that has, unless the document says another. */
export function withBody(parts: Parts, fail: Fail): Parts {
  const { multipart, text, xml, ...rest } = parts;
  if (multipart !== undefined) return { ...rest, body: form(multipart) };
  if (xml !== undefined) return typed(rest, `<?xml version="1.0" encoding="UTF-8"?>${writeXml(xml, fail)}`, "application/xml");
  return text === undefined ? rest : typed(rest, String(text), "text/plain");
}

const typed = ({ headers = {}, ...rest }: Parts, body: string, type: string): Parts => {
  const given = Object.keys(headers).some((it) => it.toLowerCase() === "content-type");
  return { ...rest, body, headers: given ? headers : { ...headers, "Content-Type": `${type};charset=UTF-8` } };
};

function form(members: Members): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(members)) for (const it of [value].flat()) form.append(name, String(it));
  return form;
}

/** A body with a member more, if it is a JSON object or a form; else nothing. */
export function withMember(body: BodyInit, type: string, name: string, value: unknown): BodyInit | undefined {
  if (body instanceof URLSearchParams || body instanceof FormData) {
    const copy = body instanceof FormData ? new FormData() : new URLSearchParams();
    body.forEach((it, other) => other !== name && copy.append(other, it as string));
    copy.append(name, String(value));
    return copy;
  }
  if (typeof body !== "string") return undefined;
  if (/urlencoded/i.test(type)) return String(withMember(new URLSearchParams(body), type, name, value));
  const json = /^$|json/i.test(type) ? parse(body) : undefined;
  return isObject(json) ? JSON.stringify({ ...json, [name]: value }) : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
