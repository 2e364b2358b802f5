// What the compiler makes of a document of the app's own: which mistakes it finds, and what the document's templates ask of calls. Each
// `@ts-expect-error` is a test.

import { createClient, defineDialect, type AnswerOf, type ChallengeOf, type DialectDocument, type PluginOf } from "relatch";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <_ extends true>(): void => {};

const baseUrl = "https://api.example.com";
const login = { request: { method: "POST", path: "/in" }, answers: [{ json: { t: "{access_token}" }, means: "session" }] } as const;
const attach = [{ header: "Authorization", value: "Bearer {access_token}" }] as const;

// Everything that the format has.
const all = defineDialect({
  $schema: "./dialect.schema.json",
  relatch: 1,
  name: "all",
  attach: [{ query: "t", value: "{access_token}" }, { body: "sid", value: { $concat: ["{access_token}", { $md5: "{session.salt}" }] } }, { cookies: true }],
  always: [{ header: "X-XSRF-TOKEN", value: { $cookie: "XSRF-TOKEN" } }, { header: "X-Tenant", value: "{context.tenant?}" }],
  expires: { jwt: true, unit: "iso8601", idle_secs: 1800 },
  login: {
    before: [{ request: { method: "GET", path: "/nonce", query: { device: "{field.device}" } }, answers: [{ headers: { "X-Nonce": "{step.nonce}" }, means: "done" }] }],
    request: {
      method: "POST",
      path: "/login/{context.region}",
      headers: { Authorization: { $concat: ["Basic ", { $base64: "{identifier}:{password}" }] } },
      form: { grant_type: "password", scope: ["a", { $uuid: true }], nonce: { "$hmac-sha256": { key: "{password}", text: "{step.nonce}" } }, proof: { $plugin: "srp", of: "{field.pin?}" } },
    },
    answers: [
      { status: [200, 201], json: { data: { $base64: { $json: { ate: "{expires}" } } }, token: "{access_token}" }, means: "session" },
      { status: 401, json: { mfa: "{challenge.id}", hint: "{detail.hint?}" }, means: "challenge", challenge: "code" },
      { text: "{_?}denied{_?}", means: "bad-credentials" },
    ],
  },
  challenges: {
    code: { request: { method: "POST", path: "/mfa", xml: { mfa: { "@id": "{challenge.id}", user: "{identifier}", code: "{code}", trust: "{field.trust?}" } } }, answers: [{ json: { t: "{access_token}" }, means: "session" }] },
    tenant: { request: { method: "PUT", path: "/tenant", multipart: { tenant: "{field.tenant}" } }, answers: [{ json: { t: "{access_token}" }, means: "session" }] },
  },
  operations: { move: { request: { method: "PATCH", path: "/{field.id}", text: "{field.to}" }, answers: [{ text: "{detail.where}", means: "done" }] } },
  refusals: [{ json: { code: 7 }, means: "token-expired" }],
  observe: [{ headers: { "X-New-Token": "{access_token}" } }],
});

const auth = createClient({ dialect: all, baseUrl, plugins: { srp: async ({ of }) => of } });

// What the steps before a login ask for is asked for, and what the session has is not.
void auth.login({ identifier: "ada", password: "p", "field.device": "phone" });
void auth.login({ identifier: "ada", password: "p", "field.device": { os: "any" }, "field.pin": 1234 });
// @ts-expect-error a step wants a device
void auth.login({ identifier: "ada", password: "p" });
// @ts-expect-error nobody asks for a nonce
void auth.login({ identifier: "ada", password: "p", "field.device": "phone", "step.nonce": "x" });

auth.setContext("tenant", "acme");
auth.setContext("region", "eu");
// @ts-expect-error a value that the document does not name
auth.setContext("organization", "42");

void auth.perform("move", { "field.id": "7", "field.to": "x" }).then((moved) => moved["detail.where"]);
// @ts-expect-error where to?
void auth.perform("move", { "field.id": "7" });

// A challenge asks for what the login was not given.
holds<Equal<ChallengeOf<typeof all>, "code" | "tenant">>();
void auth.answer({ code: "123456" });
void auth.answer({ code: "123456", "field.trust": true });
void auth.answer({ "field.tenant": "acme" });
// @ts-expect-error nothing is answered
void auth.answer({});
holds<Equal<AnswerOf<typeof all, "tenant">["field.tenant"], unknown>>();

// Functions of the app's, by the document's names.
holds<Equal<PluginOf<typeof all>, "srp">>();
// @ts-expect-error the document names no such function
createClient({ dialect: all, baseUrl, plugins: { other: () => "x" } });

// What is no document.
// @ts-expect-error the token is attached nowhere
defineDialect({ relatch: 1, name: "x", login });
// @ts-expect-error an element is a header, a parameter, a member of the body, or cookies
defineDialect({ relatch: 1, name: "x", attach: [{ cookie: "t", value: "{access_token}" }], login });
// @ts-expect-error cookies go along or are left out
defineDialect({ relatch: 1, name: "x", attach: [{ cookies: false }], login });
// @ts-expect-error there is no such function
defineDialect({ relatch: 1, name: "x", attach: [{ header: "A", value: { $md4: "{access_token}" } }], login });
// @ts-expect-error a digest has one text
defineDialect({ relatch: 1, name: "x", attach: [{ header: "A", value: { $md5: ["a", "b"] } }], login });
// @ts-expect-error there is no such unit
defineDialect({ relatch: 1, name: "x", attach, expires: { unit: "weeks" }, login });
// @ts-expect-error there is no such meaning
defineDialect({ relatch: 1, name: "x", attach, login, refusals: [{ status: 401, means: "expired" }] });
// @ts-expect-error there is no such method
defineDialect({ relatch: 1, name: "x", attach, login: { ...login, request: { method: "LOGIN", path: "/in" } } });
// @ts-expect-error a request has one body
defineDialect({ relatch: 1, name: "x", attach, login: { ...login, request: { method: "POST", path: "/in", json: {}, form: { a: "b" } } } });
// @ts-expect-error an answer has one body
defineDialect({ relatch: 1, name: "x", attach, login: { ...login, answers: [{ json: {}, text: "x", means: "session" }] } });
// @ts-expect-error there is no such reason
defineDialect({ relatch: 1, name: "x", attach, login: { ...login, answers: [{ means: "invalid-request", reason: "password.weak" }] } });

// A document that was read from somewhere is known as one, and no more.
declare const read: DialectDocument;
void createClient({ dialect: read, baseUrl, plugins: { any: () => 1 } }).login({ whatever: 1 });
