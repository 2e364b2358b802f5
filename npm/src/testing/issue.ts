// The server's half of a document, as far as a fake plays it, and the values that its templates are filled with.

import type { DialectDocument } from "../document.js";
import { issues } from "./issues.js";
import { isObject } from "./template.js";

/** How long a text may be, in characters. */
interface Limits {
  readonly min?: number;
  readonly max?: number;
}

interface Role {
  readonly name: string;
  readonly number?: number;
  readonly permissions?: readonly string[];
}

type Fields = { readonly [name: string]: string | Fields };

/** The section `issue` of a document. */
export interface Issue {
  readonly header?: object;
  readonly alg?: string;
  readonly lifetime_secs?: number;
  readonly refresh_lifetime_secs?: number;
  readonly claims?: unknown;
  readonly user?: unknown;
  readonly limits?: { readonly identifier?: Limits; readonly password?: Limits };
  readonly roles?: readonly Role[];
  readonly account?: Fields;
}

/** A document's own half, or that of the package's document with its name, which pages are not given. */
export const issueOf = ({ issue, name }: DialectDocument): Issue => (issue ?? issues[name] ?? {}) as Issue;

/** What somebody is to the templates `claims` and `user`: what was given, and something of the right type for the rest. */
export function personOf(issue: Issue, identifier: string, number: number, given: { readonly [name: string]: unknown }): Map<string, unknown> {
  const role = issue.roles?.find((it) => it.name === given["role"]) ?? issue.roles?.at(-1);
  const values = new Map<string, unknown>([
    ["user.id", `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`],
    ["user.number", number],
    ["user.username", identifier],
    ["user.email", identifier.includes("@") ? identifier : `${identifier}@example.com`],
    ["user.phone", null],
    ["user.role", role?.name ?? null],
    ["user.role.number", role?.number ?? null],
    ["user.roles", role ? [role.name] : []],
    ["user.password_hash", null],
    ["organization.id", null],
    ["permissions", role?.permissions ?? []],
  ]);
  sample(values, "user", issue.account ?? {});
  override(values, "user", given);
  return values;
}

const SAMPLES: { readonly [type: string]: unknown } = { integer: 1, bool: true, date: "2026-01-01" };

function sample(values: Map<string, unknown>, prefix: string, fields: Fields): void {
  for (const [name, type] of Object.entries(fields)) {
    const path = `${prefix}.${name}`;
    if (typeof type === "object") sample(values, path, type);
    else values.set(path, type.endsWith("?") ? null : (SAMPLES[type] ?? name));
  }
}

function override(values: Map<string, unknown>, prefix: string, given: { readonly [name: string]: unknown }): void {
  for (const [name, value] of Object.entries(given)) {
    const path = `${prefix}.${name}`;
    values.set(path, value);
    if (isObject(value)) override(values, path, value);
  }
}

/** Whether a text is as long as it may be. */
export function isWithin(text: unknown, { min = 0, max = Infinity }: Limits = {}): boolean {
  if (typeof text !== "string") return true;
  const length = [...text].length;
  return min <= length && length <= max;
}
