// The documents of the gallery, as the packed client speaks them: each logs in by the exchange that its API's own pages show.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { describe } from "node:test";
import { AuthError, createClient } from "relatch";
import * as gallery from "relatch/gallery";
import { test } from "../support/deadline.mjs";

const GALLERY = new URL("../../dialects/gallery/", import.meta.url);
const read = (file) => JSON.parse(readFileSync(new URL(file, GALLERY), "utf8"));
const BASE_URL = "https://api.example.com/base";
const SUCCESS = ["session", "challenge"];

// What the app gives: the rest of what fills a request comes from the session.
const isGiven = ([name]) => !/^(access_token|refresh_token|(context|session|challenge|step)\..*)$/.test(name);

/** A value as it goes over the wire, where the exchange has it as the templates do. */
function wired(value) {
  if (Array.isArray(value)) return value.map(wired);
  if (typeof value !== "object" || value === null) return value;
  const [[name, inner] = []] = Object.entries(value);
  if (name === "$json") return JSON.stringify(wired(inner));
  if (name === "$base64" || name === "$base64url") return Buffer.from(wired(inner)).toString(name.slice(1));
  return Object.fromEntries(Object.entries(value).map(([name, it]) => [name.replace("$$", "$"), wired(it)]));
}

function xml(value) {
  const element = (name, it) => (Array.isArray(it) ? it.map((each) => element(name, each)).join("") : `<${name}${attributes(it)}>${content(it)}</${name}>`);
  const isObject = (it) => typeof it === "object" && it !== null;
  const attributes = (it) => (isObject(it) ? Object.entries(it).filter(([name]) => name[0] === "@").map(([name, text]) => ` ${name.slice(1)}="${text}"`).join("") : "");
  const content = (it) => (isObject(it) ? Object.entries(it).filter(([name]) => name[0] !== "@").map(([name, each]) => (name === "#text" ? each : element(name, each))).join("") : String(it ?? ""));
  return content(value);
}

function responseOf({ status, headers, json, text, xml: root }, means) {
  const body = root !== undefined ? xml(root) : text !== undefined ? wired(text) : json === undefined ? null : JSON.stringify(wired(json));
  const code = status ?? (SUCCESS.includes(means) || means === "done" ? 200 : 401);
  return new Response(code === 204 ? null : body, { status: code, headers: wired(headers ?? {}) });
}

const isMade = (value) => JSON.stringify(value ?? null).includes('"$');
const texts = (pairs) => Object.fromEntries(Object.entries(pairs).map(([name, it]) => [name, [it].flat().map(String)]));
const grouped = (pairs) => [...pairs].reduce((all, [name, it]) => ({ ...all, [name]: [...(all[name] ?? []), it] }), {});

/** The request is the one that is written down, as far as no function has made it. */
async function assertIs({ method, path, query, json, form, text }, request) {
  const url = new URL(request.url);
  assert.equal(request.method, method);
  if (!path.startsWith("http")) assert.equal(url.pathname, `/base${path}`);
  if (query && !isMade(query)) for (const [name, value] of Object.entries(texts(query))) assert.deepEqual(url.searchParams.getAll(name), value);
  const body = await request.text();
  if (json !== undefined && !isMade(json)) assert.deepEqual(JSON.parse(body), json);
  if (form && !isMade(form)) assert.deepEqual(grouped(new URLSearchParams(body)), texts(form));
  if (text && !isMade(text)) assert.equal(body, text);
}

describe("a login as it is documented", () => {
  for (const file of readdirSync(GALLERY).filter((it) => it.endsWith(".json"))) {
    const dialect = read(file);
    const exchanges = read(`exchanges/${file}`).exchanges.filter((it) => it.operation === "login" && it.request);
    const last = exchanges.find((it) => it.step === undefined && SUCCESS.includes(it.means));
    const steps = (dialect.login.before ?? []).map((_, at) => exchanges.find((it) => it.step === at && it.means === "done"));
    if (!last || steps.includes(undefined)) continue;
    test(`${dialect.title ?? dialect.name}: ${last.means}`, async () => {
      const expected = [...steps, last];
      const faults = [];
      const fetch = async (input, init) => {
        const exchange = expected.shift();
        const request = new Request(input, init);
        await assertIs(exchange.request, request).catch((fault) => faults.push(fault));
        return responseOf(exchange.answer, exchange.means);
      };
      const values = Object.assign({}, ...[...steps, last].map((it) => it.values));
      // What an exchange does not show, because all requests carry it, is there all the same.
      const contexts = [...JSON.stringify(dialect).matchAll(/\{context\.([\w.-]+)(\??)\}/g)].map(([, name, mark]) => [name, values[`context.${name}`] ?? (mark ? undefined : "ctx")]);
      const plugins = new Proxy({}, { getOwnPropertyDescriptor: () => ({ configurable: true, enumerable: true, value: 1 }), get: () => () => "made" });
      const auth = createClient({ dialect, baseUrl: BASE_URL, storage: "memory", fetch, plugins, context: Object.fromEntries(contexts.filter(([, it]) => it !== undefined)) });
      const outcome = await auth.login(Object.fromEntries(Object.entries(values).filter(isGiven))).then(({ status }) => status, (error) => (error instanceof AuthError ? error.code : error));
      if (faults.length > 0) throw faults[0];
      assert.equal(outcome, last.means === "session" ? "signed-in" : "challenge");
      const token = last.captures?.access_token;
      if (token !== undefined && last.means === "session") assert.equal(await auth.token(), String(token));
      auth.dispose();
    });
  }
});

test("each document is a module of the package, and all are in one", async () => {
  const found = readdirSync(GALLERY).filter((it) => it.endsWith(".json")).map(read);
  for (const { $schema: _, ...document } of found) {
    const module = await import(`relatch/gallery/${document.name}`);
    const [name] = Object.keys(module);
    assert.deepEqual(module[name], document);
    assert.equal(gallery[name], module[name]);
  }
  assert.equal(Object.keys(gallery).length, found.length);
});
