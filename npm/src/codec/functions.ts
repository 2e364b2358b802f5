// Functions, `{ "$name": argument }`, made inside out.

import { hmac } from "@noble/hashes/hmac.js";
import { md5, sha1 } from "@noble/hashes/legacy.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { base64, base64url, hex, utf8 } from "./encoding.js";
import { elementsOf, isObject, membersOf, type Members } from "./places.js";
import { cookie, uuid } from "./surroundings.js";
import type { PluginRequest, Plugins } from "../types.js";

/** Makes one of the package's errors: by code, argument, cause. */
export type Fail = (code: "plugin-failed" | "invalid-argument", argument: string, cause?: unknown) => Error;

/** A request as it is about to be sent. */
export interface Sent {
  /** Not to be changed: another attempt begins with it. */
  url: URL;
  readonly init: RequestInit & { readonly headers: Headers };
  /** What the app has handed over as an object. */
  request?: Request | undefined;
}

export type { Plugins };

const PLUGIN = "$plugin";

/** As long as a request may take unless the app says otherwise. */
const PLUGIN_MS = 15_000;

const HASHES = { md5, sha1, sha256, sha512 };

type Text = (text: string) => unknown;

/** The functions of one text. A digest is bytes, which are text in hexadecimal. */
const OF_TEXT: Readonly<Record<string, Text>> = {
  $lower: (text) => text.toLowerCase(),
  $upper: (text) => text.toUpperCase(),
  $url: encodeURIComponent,
  $cookie: cookie,
  $now: (form) => NOW[form]?.(),
  ...Object.fromEntries(Object.entries(HASHES).map(([name, hash]): [string, Text] => [`$${name}`, (text) => hash(utf8(text))])),
};

const NOW: Readonly<Record<string, () => unknown>> = {
  epoch: () => Math.floor(Date.now() / 1000),
  "epoch-millis": () => Date.now(),
  iso8601: () => new Date().toISOString(),
};

/** Makes values of what the core has filled, along the templates by which it did. `undefined` is left out. */
export interface Maker {
  value(value: unknown, templates: readonly unknown[]): Promise<unknown>;
}

export function maker(plugins: () => Plugins | undefined, fail: Fail, signal: AbortSignal | null | undefined, sent?: Sent): Maker {
  /** What stands in a text; nothing for what is left out. */
  function text(made: unknown): string | undefined {
    if (made instanceof Uint8Array) return hex(made);
    if (isObject(made) || Array.isArray(made) || made === null) throw fail("invalid-argument", "text");
    return made === undefined ? undefined : String(made);
  }

  async function all(values: readonly unknown[], templates: readonly unknown[]): Promise<unknown[]> {
    return Promise.all(values.map((it) => value(it, templates)));
  }

  async function object(members: Members, templates: readonly unknown[]): Promise<Members> {
    const made = await Promise.all(
      Object.entries(members).map(async ([name, it]) => {
        const meant = membersOf(templates, name);
        return [name.startsWith("$$") && meant.length > 0 ? name.slice(1) : name, await value(it, meant)] as const;
      }),
    );
    return Object.fromEntries(made.filter(([, it]) => it !== undefined));
  }

  /** As {@link Maker.value}, with digests as bytes. */
  async function product(given: unknown, templates: readonly unknown[]): Promise<unknown> {
    if (Array.isArray(given)) return (await all(given, elementsOf(templates))).filter((it) => it !== undefined);
    if (!isObject(given)) return given;
    const name = functionOf(given);
    const meant = name === undefined ? [] : templates.filter((it) => isObject(it) && functionOf(it) === name);
    return name !== undefined && meant.length > 0 ? call(name, given, meant) : object(given, templates);
  }

  async function value(given: unknown, templates: readonly unknown[]): Promise<unknown> {
    const made = await product(given, templates);
    return made instanceof Uint8Array ? hex(made) : made;
  }

  async function call(name: string, given: Members, templates: readonly unknown[]): Promise<unknown> {
    if (name === PLUGIN) return plugin(String(given[PLUGIN]), given, templates);
    if (name === "$uuid") return uuid();
    const [argument, inner] = [given[name], membersOf(templates, name)];
    if (name === "$concat") return joined(await all(argument as unknown[], elementsOf(inner)));
    if (name.startsWith("$hmac-")) return mac(name, argument as Members, inner);
    const made = await (name === "$json" ? value : product)(argument, inner);
    if (made === undefined) return undefined;
    if (name === "$json") return JSON.stringify(made);
    if (name === "$base64" || name === "$base64url") return (name === "$base64" ? base64 : base64url)(made instanceof Uint8Array ? made : utf8(text(made)!));
    return OF_TEXT[name]!(text(made)!);
  }

  function joined(parts: readonly unknown[]): string | undefined {
    const texts = parts.map(text);
    return texts.includes(undefined) ? undefined : texts.join("");
  }

  async function mac(name: string, argument: Members, templates: readonly unknown[]): Promise<Uint8Array | undefined> {
    const of = async (member: string) => text(await value(argument[member], membersOf(templates, member)));
    const [key, message] = [await of("key"), await of("text")];
    const hash = HASHES[name.slice("$hmac-".length) as keyof typeof HASHES];
    return key === undefined || message === undefined ? undefined : hmac(hash, utf8(key), utf8(message));
  }

  async function plugin(name: string, given: Members, templates: readonly unknown[]): Promise<unknown> {
    const { [PLUGIN]: _, ...rest } = given;
    const input = await object(rest, templates);
    try {
      const known = plugins() ?? {};
      if (!Object.hasOwn(known, name)) throw new Error(`no plugin has the name ${name}`);
      return await race(signal, Promise.resolve(known[name]!(input, sent && (await seen(sent)))));
    } catch (cause) {
      throw fail("plugin-failed", name, cause);
    }
  }

  return { value };
}

/** What a function of the app's sees of a request, for signatures. */
const seen = async ({ url, init: { method, body }, request }: Sent): Promise<PluginRequest> => ({
  method: method ?? request?.method ?? "GET",
  url: url.href,
  body: await (body === undefined && request ? request.clone() : new Response(body)).text(),
});

/** The name of the function that a value would be. */
export function functionOf(given: Members): string | undefined {
  const names = Object.keys(given);
  if (names.includes(PLUGIN)) return PLUGIN;
  const [name = ""] = names;
  const known = name in OF_TEXT || /^\$(?:concat|json|uuid|base64(?:url)?|hmac-sha(?:1|256|512))$/.test(name);
  return names.length === 1 && known ? name : undefined;
}

/** A function of the app's that never answers must not make anybody wait for ever. */
function race<T>(signal: AbortSignal | null | undefined, work: Promise<T>): Promise<T> {
  const late = [signal, AbortSignal.timeout(PLUGIN_MS)].map((it) => new Promise<never>((_, reject) => it?.addEventListener("abort", () => reject(it.reason), { once: true })));
  return Promise.race([work, ...late]);
}
