// A dialect document as a TypeScript module: the client's half as a constant, and the shapes of user and claims as types,
// drawn from the server's half, which itself is left out of the bundle.

/** What the values of the `issue` templates are, where the document does not say it itself. */
const KNOWN = {
  "user.id": "string",
  "user.number": "number",
  "user.username": "string",
  "user.email": "string | null",
  "user.phone": "string | null",
  "user.role": "string",
  "user.role.number": "number",
  "user.roles": "string[]",
  "user.password_hash": "string | null",
  "organization.id": "string | null",
  permissions: "string[]",
  issued_at: "number",
  expires_at: "number",
  token_id: "string",
};

const FIELD = { string: "string", integer: "number", bool: "boolean", date: "string" };

/** The source of the module. */
export function dialectModule({ $schema: _, issue, ...document }) {
  const types = { ...KNOWN, ...fieldTypes(issue?.account ?? {}, "user") };
  const shape = (template) => (template === undefined ? "unknown" : typeOf(template, types));
  return [
    `import type { Typed } from "../document.js";`,
    `/** The user as ${document.title ?? document.name} shapes it. */`,
    `export type User = ${shape(issue?.user)};`,
    `/** The claims of its access tokens. */`,
    `export type Claims = ${shape(issue?.claims)};`,
    `const document = ${JSON.stringify(document)} as const;`,
    `/** The dialect of ${document.title ?? document.name}. */`,
    `export const ${identifier(document.name)} = document as typeof document & Typed<User, Claims>;`,
    "",
  ].join("\n");
}

/** What a dialect's constant is called. */
export const identifier = (name) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());

function fieldTypes(account, prefix) {
  const entries = Object.entries(account).flatMap(([name, kind]) =>
    typeof kind === "string"
      ? [[`${prefix}.${name}`, FIELD[kind.replace("?", "")] + (kind.endsWith("?") ? " | null" : "")]]
      : Object.entries(fieldTypes(kind, `${prefix}.${name}`)),
  );
  return Object.fromEntries(entries);
}

function typeOf(template, types) {
  if (typeof template === "string") return typeOfText(template, types);
  if (Array.isArray(template)) return `(${template.map((it) => typeOf(it, types)).join(" | ")})[]`;
  if (typeof template !== "object" || template === null) return String(typeof template === "boolean" ? "boolean" : template);
  const members = Object.entries(template).map(([name, it]) => `readonly ${JSON.stringify(name)}: ${typeOf(it, types)}`);
  return `{ ${members.join("; ")} }`;
}

function typeOfText(text, types) {
  const hole = /^\{([^{}]+?)\??\}$/.exec(text);
  return hole ? (types[hole[1]] ?? "unknown") : "string";
}
