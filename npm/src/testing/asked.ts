// What a request asks for, read by the document's own templates.

import type { DialectDocument, OperationDocument, RequestDocument } from "../document.js";
import type { Meaning, Reason } from "./meaning.js";
import { fits, fitsHeader, locate, needed, type Values } from "./template.js";

/** Where a request leads: to an operation, or to a part of the API that the document says nothing about. */
export interface Route {
  readonly operation: string | null;
  readonly section: OperationDocument | undefined;
  /** Whether the path is an operation's, and the method is not. */
  readonly isMisdirected: boolean;
}

const requestsOf = ({ request, alternatives = [] }: OperationDocument): readonly RequestDocument[] => [request, ...alternatives];

/** Where a method and a path lead. */
export function routeOf({ login, renew, operations }: DialectDocument, method: string, path: string): Route {
  const sections = Object.entries({ login, ...(typeof renew === "object" && { renew }), ...operations });
  const at = (it: RequestDocument) => it.path === path;
  const [operation, section] = sections.find(([, it]) => requestsOf(it).some((it) => at(it) && it.method === method)) ?? [null];
  return { operation, section, isMisdirected: !section && sections.some(([, it]) => requestsOf(it).some(at)) };
}

/** What a request's templates capture of it, or why none fits. */
export function read(section: OperationDocument, method: string, headers: Headers, body: string): Values | Reason {
  const json = parse(body);
  for (const template of requestsOf(section)) {
    const captures = new Map<string, unknown>();
    const own = Object.entries(template.headers ?? {}).every(([name, it]) => typeof it !== "string" || fitsHeader(it, headers.get(name) ?? "", captures));
    if (own && template.method === method && (template.json === undefined || fits(template.json, json, captures))) return spoiled(captures) ?? captures;
  }
  return misfit(section.request.json, json);
}

/** What the headers of `attach` hold, or what is wrong with the one that has the token. */
export function readAttached({ attach }: DialectDocument, headers: Headers): Values | Meaning {
  const captures = new Map<string, unknown>();
  for (const element of attach) {
    // What functions make of a value cannot be read back.
    if (!("header" in element) || typeof element.value !== "string") continue;
    const { header, value } = element;
    const text = headers.get(header);
    const found = text !== null && fitsHeader(value, text, captures);
    if (!found && needed(value).includes("access_token")) return text === null ? "token-missing" : "token-malformed";
  }
  return captures;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const TEXTS: readonly (readonly [name: string, malformed: Reason])[] = [
  ["identifier", "identifier.malformed"],
  ["password", "password.malformed"],
  ["code", "field.malformed"],
  ["resend_code", "field.malformed"],
];

const isText = (it: unknown) => typeof it === "string" && !it.includes("\0");

const spoiled = (values: Values): Reason | undefined => TEXTS.find(([name]) => values.has(name) && !isText(values.get(name)))?.[1];

function misfit(template: unknown, json: unknown): Reason {
  if (template === undefined) return "field.missing";
  if (typeof json !== "object" || json === null) return "body.unreadable";
  const names = needed(template);
  const first = ["identifier", "password", ...names].filter((it) => names.includes(it));
  for (const name of first) {
    const kind = name === "identifier" || name === "password" ? name : "field";
    const value = locate(template, json, name);
    if (value === undefined || value === null) return `${kind}.missing`;
    if (!isText(value)) return `${kind}.malformed`;
  }
  return "field.malformed";
}
