// What the compiler must accept and refuse of the types of `relatch/testing`.

import { createClient, defineDialect } from "relatch";
import { gatego, stockapi } from "relatch/dialects";
import { fakeApi, installClock, installPage, memoryStorage, type FakeApi, type FakeRequest, type Fault } from "relatch/testing";

type IsAny<T> = 0 extends 1 & T ? true : false;
const isNoAny = <T>(..._: IsAny<T> extends true ? ["it is any"] : []): void => {};

const baseUrl = "https://api.example.com";
const ada = { identifier: "ada", password: "secret" };
const api = fakeApi({ dialect: gatego, baseUrl, users: [ada, { identifier: ["grace", "grace@example.com"], password: "secret", state: "disabled" }] });
const store = memoryStorage();
createClient({ dialect: gatego, baseUrl, fetch: api.fetch, storage: store });

// A user and claims have the API's own shape.
fakeApi({ dialect: stockapi, baseUrl, users: [{ ...ada, user: { username: "ada", role: "vendedor" }, claims: { role: "vendedor" } }] });
// @ts-expect-error a field that no user of that API has
fakeApi({ dialect: stockapi, baseUrl, users: [{ ...ada, user: { correo: "ada" } }] });
// @ts-expect-error a claim that no token of that API has
fakeApi({ dialect: stockapi, baseUrl, users: [{ ...ada, claims: { rol: "vendedor" } }] });
fakeApi({ dialect: stockapi, baseUrl, users: [ada], calls: (request, { user, say }) => (user.role === request.method ? say("forbidden") : { ok: true }) });
// @ts-expect-error there is no such meaning
fakeApi({ dialect: stockapi, baseUrl, users: [ada], calls: (_, { say }) => say("forbiden") });
fakeApi({ dialect: gatego, baseUrl, users: [ada], reuse: "revoke", answers: { login: ({ values }) => (values["password"] === "" ? { means: "account-locked" } : undefined) } });

const ours = defineDialect({
  relatch: 1,
  name: "ours",
  attach: [{ header: "Authorization", value: "Bearer {access_token}" }],
  login: {
    request: { method: "POST", path: "/in", json: { mail: "{identifier}", pin: "{field.pin}" } },
    answers: [{ status: 200, json: { jwt: "{access_token}" }, means: "session" }],
  },
});
fakeApi({ dialect: ours, baseUrl, users: [{ ...ada, user: { anything: 1 }, fields: { "field.pin": "1234" } }] });

// A fault has what its kind needs.
const faults: Fault[] = [
  { kind: "drop-answer", operation: "renew", times: Infinity },
  { kind: "refuse-connection" },
  { kind: "cut" },
  { kind: "html" },
  { kind: "delay", ms: 100 },
  { kind: "status", status: 429, retryAfter: 30 },
  { kind: "status", status: 503, retryAfter: new Date() },
];
const lift: () => void = api.fault(faults[0]!);
// @ts-expect-error how long?
api.fault({ kind: "delay" });
// @ts-expect-error which one?
api.fault({ kind: "status", retryAfter: 1 });
// @ts-expect-error there is no such fault
api.fault({ kind: "explode" });

api.offline = true;
api.skewMs = 1000;
// @ts-expect-error what was asked is read, not written
api.requests[0]!.status = 200;

const clock = installClock({ now: new Date() });
const passed: Promise<void> = clock.advance(1000);
// @ts-expect-error in milliseconds
clock.jump("an hour");
installPage({ localStorage: store }).uninstall();
store.full = true;

// Fits what Node's `http` hands over, as far as that is used.
declare function createServer(listener: (request: IncomingMessage, response: ServerResponse) => void): void;
interface IncomingMessage extends AsyncIterable<Uint8Array> {
  method?: string | undefined;
  url?: string | undefined;
  headers: { [name: string]: string | string[] | undefined };
}
interface ServerResponse {
  writeHead(status: number, headers?: { [name: string]: string | number | readonly string[] | undefined }): this;
  write(chunk: string | Uint8Array, done?: (error: Error | null | undefined) => void): boolean;
  end(done?: () => void): this;
  destroy(error?: Error): this;
}
createServer(api.handler);

isNoAny<FakeApi>();
isNoAny<FakeRequest["values"][string]>();
isNoAny<typeof clock>();
isNoAny<Parameters<FakeApi["handler"]>[0]>();
void [lift, passed];
