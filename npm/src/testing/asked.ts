// What a request asks for, read by the document's own templates.

import type { DialectDocument, OperationDocument, RequestDocument } from "../document.js";
import type { Meaning, Reason } from "./meaning.js";
import { fits, fitsHeader, isObject, locate, needed, type Values } from "./template.js";

/** Where a request leads: to an operation, or to a part of the API that the document says nothing about. */
export interface Route {
  readonly operation: string | null;
  readonly section: OperationDocument | undefined;
  /** Whether the path is an operation's, and the method is not. */
  readonly isMisdirected: boolean;
}

const requestsOf = ({ request, alternatives = [] }: OperationDocument): readonly RequestDocument[] => [request, ...alternatives];

/** Where a request leads that asks for that path: of several operations at one, to the one whose constants it has. */
export function routeOf({ login, renew, operations }: DialectDocument, asking: Asking, path: string): Route {
  const sections = Object.entries({ login, ...(typeof renew === "object" && { renew }), ...operations });
  const at = (it: RequestDocument) => it.path === path;
  const found = sections.filter(([, it]) => requestsOf(it).some((it) => at(it) && it.method === asking.method));
  const meant = found.length > 1 && found.find(([, it]) => typeof read(it, asking) !== "string");
  const [operation, section] = meant || (found[0] ?? [null]);
  return { operation, section, isMisdirected: !section && sections.some(([, it]) => requestsOf(it).some(at)) };
}

/** A request, as far as templates speak about it. */
export interface Asking {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: string;
}

/** What a request's templates capture of it, or why none fits. */
export function read(section: OperationDocument, { method, url, headers, body }: Asking): Values | Reason {
  const [query, form, json] = [grouped(new URL(url).searchParams), grouped(new URLSearchParams(body)), parse(body)];
  for (const template of requestsOf(section)) {
    const captures = new Map<string, unknown>();
    const own = Object.entries(template.headers ?? {}).every(([name, it]) => typeof it !== "string" || fitsHeader(it, headers.get(name) ?? "", captures));
    const parts = [[inTexts(template.query), query], [inTexts(template.form), form], [template.json, json]] as const;
    if (own && template.method === method && parts.every(([it, part]) => it === undefined || fits(it, part, captures))) return spoiled(captures) ?? captures;
  }
  const first = section.request;
  return first.form ? misfit(inTexts(first.form), form) : misfit(first.json, json);
}

/** The values of each name: one, or a list of several. */
function grouped(pairs: URLSearchParams): Record<string, unknown> {
  const names = [...new Set(pairs.keys())];
  return Object.fromEntries(names.map((name) => [name, pairs.getAll(name)] as const).map(([name, all]) => [name, all.length > 1 ? all : all[0]]));
}

// Whatever goes over the wire there is a text. What functions make of a value cannot be read back.
function inTexts(template: unknown): unknown {
  if (Array.isArray(template)) return template.map(inTexts);
  if (isObject(template)) return Object.fromEntries(Object.entries(template).filter(([, it]) => !isFunction(it)).map(([name, it]) => [name, inTexts(it)]));
  return template === undefined ? undefined : String(template);
}

const isFunction = (it: unknown) => isObject(it) && Object.keys(it)[0]?.startsWith("$") === true;

/** What the headers and parameters of `attach` hold, or what is wrong with the one that has the token. */
export function readAttached({ attach }: DialectDocument, headers: Headers, query: URLSearchParams): Values | Meaning {
  const captures = new Map<string, unknown>();
  for (const element of attach) {
    if (!("header" in element || "query" in element) || typeof element.value !== "string") continue;
    const { value } = element;
    const text = "header" in element ? headers.get(element.header) : query.get(element.query);
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
