// A fake API says everything in the words of the real one: the recorded exchanges of the five, answered by the fake.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import * as dialects from "relatch/dialects";
import { gatego } from "relatch/dialects";
import { ADA, BASE_URL, apiOf } from "../support/fake.mjs";

/** What differs from answer to answer, or is worded by the server for people. */
const AMBIENT = /"(trace_?id|timestamp|path)":"[^"]*"/gi;
const WORDED = /"(message|detail|error)":"[^"]*"/g;

const fixtures = (name) => JSON.parse(readFileSync(new URL(`../../dialects/fixtures/${name}.json`, import.meta.url), "utf8"));

const send = (api, { method, path, json, headers = [] }, more = {}) => {
  const body = json ? { body: JSON.stringify(json) } : {};
  return api.fetch(BASE_URL + path, { method, headers: { ...Object.fromEntries(headers), ...more }, ...body });
};

/** The answer of a fake that is told what to say, to a request with a good token. */
async function answered(dialect, requests, { operation, says: means, reason, values }) {
  let said;
  const answers = Object.fromEntries(["login", "renew", ...Object.keys(dialect.operations ?? {})].map((name) => [name, () => said]));
  const api = apiOf(dialect, { answers, calls: (_, caller) => caller.say(means, values) });
  const requestOf = (name) => requests.find((it) => it.operation === name)?.request ?? { method: "GET", path: "/orders" };
  const json = JSON.parse(JSON.stringify(dialect.login.request.json).replace("{identifier}", ADA.identifier).replace("{password}", ADA.password));
  const session = await (await send(api, { ...requestOf("login"), json })).text();
  const [token] = session.match(/eyJ[\w-]+\.[\w-]+\.[\w-]+/);
  const [{ value }] = dialect.attach;
  said = { means, reason, values };
  return send(api, requestOf(operation), operation === "renew" ? {} : { authorization: value.replace("{access_token}", token) });
}

/** Without what no two answers share; nor, in answers that the document does not word itself, with what they say to people. */
const comparable = (json, isWorded) => JSON.stringify(json).replace(AMBIENT, "").replace(isWorded ? "" : WORDED, "");

for (const [name, dialect] of Object.entries(dialects)) {
  describe(name, () => {
    const { requests, answers } = fixtures(name);

    for (const { operation, values: captured, request } of requests.filter((it) => it.operation === "login" || it.operation === "renew")) {
      test(`${operation}: the fake reads what the API does`, async () => {
        let seen;
        const look = ({ values }) => void (seen = values);
        const api = apiOf(dialect, { answers: { login: look, renew: look } });
        await send(api, request);
        assert.deepEqual({ ...seen }, captured);
      });
    }

    for (const fixture of answers) {
      const { operation, says, reason, answer } = fixture;
      test(`${operation ?? "a call"}: ${[says, reason].filter(Boolean).join(", ")}`, async () => {
        const response = await answered(dialect, requests, fixture);
        assert.equal(response.status, answer.status);
        const text = await response.text();
        const isWorded = JSON.stringify(dialect).includes(JSON.stringify(answer.json?.message)) || answer.status < 300;
        assert.equal(comparable(text ? JSON.parse(text) : null, isWorded), comparable(answer.json, isWorded));
      });
    }
  });
}

describe("the table of meanings in the format's reference", () => {
  const page = readFileSync(new URL("../../docs/dialects/format.md", import.meta.url), "utf8");
  const [, table] = page.match(/^## Meanings\n([^]*?)\n\n(?!\|)/m);
  const rows = [...table.matchAll(/^\|([^|]*)\|[^|]*\|[^|]*\| (\d+) \|$/gm)];
  const bare = { relatch: 1, name: "bare", attach: [{ header: "Authorization", value: "{access_token}" }], refusals: [], login: gatego.login };

  test("has rows", () => assert.ok(rows.length > 8));
  for (const [, names, status] of rows) {
    for (const [, means] of names.matchAll(/`([^`]+)`/g)) {
      test(`${means} is answered with ${status} by a document without a word for it`, async () => {
        const response = await answered(bare, [{ operation: "login", request: { ...gatego.login.request, json: {} } }], { operation: null, says: means });
        assert.deepEqual([response.status, await response.json()], [Number(status), { error: means === "server-error" ? "internal-error" : means }]);
      });
    }
  }
});
