// Templates in both directions, as `docs/dialects/format.md` has them. Documents are taken to be good: those of the app's own have been
// checked by whoever serves them, and the client refuses the rest.

/** What stands in the holes of a template, by name. */
export type Values = ReadonlyMap<string, unknown>;

interface Hole {
  readonly name: string;
  readonly optional: boolean;
}

type Part = string | Hole;

const AMBIENT = /^(?:now\..*|request\.path|trace_id|status|status_text|error_code|message)$/;
const TOKEN = /^(?:access|refresh)_token$/;

/** What captures the whole, if the text is one hole; else its parts. */
function parse(source: string): Hole | readonly Part[] {
  const parts: Part[] = [];
  let fixed = "";
  for (const [piece, name, mark] of source.matchAll(/\{\{|\}\}|\{([\w.-]+)(\?)?\}|[^{}]+/g)) {
    if (name === undefined) fixed += piece === "{{" || piece === "}}" ? piece[0] : piece;
    else {
      if (fixed) parts.push(fixed);
      fixed = "";
      parts.push({ name, optional: mark === "?" });
    }
  }
  if (fixed) parts.push(fixed);
  const [first] = parts;
  return parts.length === 1 && typeof first === "object" ? first : parts;
}

const isWhole = (parsed: Hole | readonly Part[]): parsed is Hole => "name" in parsed;

/** A JSON object as what it is: its own members. */
export const isObject = (it: unknown): it is { readonly [name: string]: unknown } => typeof it === "object" && it !== null && !Array.isArray(it);

/** A member that is the object's own. */
export const member = (of: unknown, name: string): unknown => (isObject(of) && Object.hasOwn(of, name) ? of[name] : undefined);

/** Whether a value has the shape of a template; then `captures` holds what stands in its holes. */
export function fits(template: unknown, value: unknown, captures: Map<string, unknown>): boolean {
  if (typeof template === "string") return fitsText(template, value, captures);
  if (Array.isArray(template)) return Array.isArray(value) && template.every((it, at) => fits(it, value[at], captures));
  if (isObject(template)) return isObject(value) && Object.entries(template).every(([name, it]) => fits(it, member(value, name), captures));
  return template === value;
}

/** The same for a header, whose fixed text is compared without regard to case (RFC 9110 section 11.1). */
export const fitsHeader = (template: string, text: string, captures: Map<string, unknown>): boolean => fitsText(template, text, captures, "is");

function fitsText(template: string, value: unknown, captures: Map<string, unknown>, flags = "s"): boolean {
  const parsed = parse(template);
  if (isWhole(parsed)) return capture(parsed, value, captures);
  if (typeof value !== "string") return false;
  const pattern = parsed.map((it) => (typeof it === "string" ? it.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&") : it.optional ? "(.*?)" : "(.+?)"));
  const [, ...found] = new RegExp(`^${pattern.join("")}$`, flags).exec(value) ?? [];
  const holes = parsed.filter((it) => typeof it === "object");
  return (holes.length > 0 ? found.length === holes.length : value === parsed.join("")) && holes.every((it, at) => capture(it, found[at], captures));
}

function capture({ name, optional }: Hole, value: unknown, captures: Map<string, unknown>): boolean {
  if (AMBIENT.test(name)) return true;
  if (value === undefined || value === null) return optional;
  if (TOKEN.test(name) && !(typeof value === "string" && /^[!-~]+$/.test(value))) return false;
  if (captures.has(name)) return captures.get(name) === value || (typeof value === "object" && typeof captures.get(name) === "object");
  captures.set(name, value);
  return true;
}

/** The names of the holes that have to be filled. */
export function needed(template: unknown): readonly string[] {
  if (typeof template === "string") {
    const parsed = parse(template);
    const parts = isWhole(parsed) ? [parsed] : parsed;
    return parts.flatMap((it) => (typeof it === "object" && !it.optional ? [it.name] : []));
  }
  return typeof template === "object" && template !== null ? Object.values(template).flatMap(needed) : [];
}

/** What stands where the hole of that name is. */
export function locate(template: unknown, value: unknown, name: string): unknown {
  if (typeof template === "string") return needed(template).includes(name) ? value : undefined;
  if (typeof template !== "object" || template === null) return undefined;
  const found = Object.entries(template).map(([key, it]) => locate(it, Array.isArray(value) ? value[Number(key)] : member(value, key), name));
  return found.find((it) => it !== undefined);
}

/** Writes a template. `otherwise` gives what is put in a hole that has no value and needs one. */
export function fill(template: unknown, values: Values, otherwise: (name: string) => unknown): unknown {
  if (typeof template === "string") return fillText(template, values, otherwise);
  if (Array.isArray(template)) return template.map((it) => fill(it, values, otherwise)).filter((it) => it !== undefined);
  if (!isObject(template)) return template;
  const entries = Object.entries(template).map(([name, it]) => [name, fill(it, values, otherwise)] as const);
  return Object.fromEntries(entries.filter(([, it]) => it !== undefined));
}

function fillText(template: string, values: Values, otherwise: (name: string) => unknown): unknown {
  const parsed = parse(template);
  const value = ({ name, optional }: Hole) => (values.has(name) ? values.get(name) : optional ? undefined : otherwise(name));
  return isWhole(parsed) ? value(parsed) : parsed.map((it) => (typeof it === "string" ? it : (value(it) ?? ""))).join("");
}
