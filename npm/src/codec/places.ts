// Which templates of a document may speak about a message.

import type { AnswerDocument, DialectDocument, OperationDocument, RequestDocument } from "../document.js";

const CHALLENGE = "challenge.";

function section({ login, renew, operations, challenges }: DialectDocument, name: string): OperationDocument | undefined {
  if (name === "login") return login;
  if (name === "renew") return typeof renew === "object" ? renew : undefined;
  return name.startsWith(CHALLENGE) ? challenges?.[name.slice(CHALLENGE.length)] : operations?.[name];
}

/** The requests of an operation: its own, and those that go before it. */
export function requestsOf(document: DialectDocument, operation: string): readonly RequestDocument[] {
  const found = section(document, operation);
  return found ? [found.request, ...(found.before ?? []).map((it) => it.request)] : [];
}

/** The answers to an operation and to what goes before it, and those that may come to anything. */
export function answersOf(document: DialectDocument, operation: string | undefined): readonly Partial<AnswerDocument>[] {
  const found = operation === undefined ? undefined : section(document, operation);
  const own = found ? [...found.answers, ...(found.before ?? []).flatMap((it) => it.answers)] : [];
  return [...own, ...(document.refusals ?? []), ...(document.observe ?? [])];
}

export type Members = Readonly<Record<string, unknown>>;

export const isObject = (it: unknown): it is Members => typeof it === "object" && it !== null && !Array.isArray(it) && !(it instanceof Uint8Array);

/** What templates say about a member: those of them that name it. */
export const membersOf = (templates: readonly unknown[], name: string): readonly unknown[] =>
  templates.flatMap((it) => (isObject(it) && Object.hasOwn(it, name) ? [it[name]] : []));

/** What templates say about an element of a list: they may have left out some before it. */
export const elementsOf = (templates: readonly unknown[]): readonly unknown[] => templates.flatMap((it) => (Array.isArray(it) ? it : []));
