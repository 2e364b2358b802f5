// What the compiler must accept and refuse of the package's types. Each `@ts-expect-error` is a test: without the error it
// expects, it is one itself.

import { AuthError, createClient, defineDialect, type Client } from "relatch";
import { apitickets, gatego, integra, investgo, stockapi } from "relatch/dialects";
import { fastapiUsers, supabase } from "relatch/gallery";
import { matrixClientServer } from "relatch/gallery/matrix-client-server";
import { decodeUnverified } from "relatch/sync";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type IsAny<T> = 0 extends 1 & T ? true : false;
const holds = <_ extends true>(): void => {};
const isNoAny = <T>(..._: IsAny<T> extends true ? ["it is any"] : []): void => {};

const baseUrl = "https://api.example.com";
const auth = createClient({ dialect: gatego, baseUrl, storage: "local" });
holds<Equal<typeof auth, Client<typeof gatego>>>();

// Credentials are those that the document's login asks for.
void auth.login({ identifier: "ada", password: "secret" });
// @ts-expect-error the password is missing
void auth.login({ identifier: "ada" });
// @ts-expect-error a name that the document does not have
void auth.login({ username: "ada", password: "secret" });
// @ts-expect-error not text
void auth.login({ identifier: 1, password: "secret" });

// Operations, their arguments and results.
void auth.perform("resend-validation", { resend_code: "…" });
void auth.perform("validate", { code: "…", password: "…" }).then(({ email }) => holds<Equal<typeof email, string>>());
// @ts-expect-error an operation that the document does not have
void auth.perform("fly", {});
// @ts-expect-error the code is missing
void auth.perform("validate", { password: "…" });
// @ts-expect-error StockAPI validates nobody
void createClient({ dialect: stockapi, baseUrl }).perform("validate", { code: "…", password: "…" });

// Context values.
auth.setContext("organization", "42");
auth.setContext("organization", null);
// @ts-expect-error a value that the document does not name
auth.setContext("tenant", "42");
// @ts-expect-error InvestGo has no context
createClient({ dialect: investgo, baseUrl }).setContext("organization", "42");

// The user and the claims have the API's own shape, and are there for signed-in people only.
const { user, claims } = auth.state;
// @ts-expect-error nobody may be signed in
void user.email;
holds<Equal<Extract<typeof user, null>, null>>();
const name: string | undefined = createClient({ dialect: apitickets, baseUrl }).state.user?.Nombre;
const permissions: readonly string[] | null = createClient({ dialect: integra, baseUrl }).state.permissions;
const subject: string | undefined = claims?.sub;
void [name, permissions, subject];
// @ts-expect-error a field that no user of that API has
void createClient({ dialect: stockapi, baseUrl }).state.user?.correo;

// Nothing is any.
isNoAny<typeof auth>();
isNoAny<typeof user>();
isNoAny<typeof claims>();
isNoAny<Awaited<ReturnType<typeof auth.login>>>();
isNoAny<Awaited<ReturnType<typeof auth.fetch>>>();
isNoAny<ReturnType<typeof decodeUnverified>["claims"]>();
isNoAny<AuthError["details"]>();
isNoAny<AuthError["cause"]>();
isNoAny<ReturnType<typeof auth.history>[number]>();

// The state is read, not written.
// @ts-expect-error read-only
auth.state.status = "signed-out";

// A code is one of a closed list.
const failed = (error: AuthError): boolean => error.code === "session-changed" && error.retryable;
// @ts-expect-error there is no such code
const never = (error: AuthError): boolean => error.code === "sesion-changed";
void [failed, never];

// A document of the app's own is typed by its templates alone.
const ours = defineDialect({
  relatch: 1,
  name: "ours",
  attach: [{ header: "Authorization", value: "Bearer {access_token}" }],
  login: {
    request: { method: "POST", path: "/in", json: { mail: "{identifier}", pin: "{pin}", device: "{device?}" } },
    answers: [{ status: 200, json: { jwt: "{access_token}" }, means: "session" }],
  },
});
const own = createClient({ dialect: ours, baseUrl });
void own.login({ identifier: "ada", pin: "1234" });
void own.login({ identifier: "ada", pin: "1234", device: "phone" });
// @ts-expect-error this API wants a pin
void own.login({ identifier: "ada", password: "secret" });

// Options.
createClient({ dialect: gatego, baseUrl, storage: { getItem: async () => null, setItem: async () => {} } });
createClient({ dialect: gatego, baseUrl, renewal: { credentials: true, onLoginRequired: ({ signal }) => (signal.aborted ? null : { identifier: "ada", password: "…" }) } });
// @ts-expect-error there is no such storage
createClient({ dialect: gatego, baseUrl, storage: "cookie" });
// @ts-expect-error a dialect is needed
createClient({ baseUrl });

// Fits React's useSyncExternalStore.
declare function useSyncExternalStore<T>(subscribe: (changed: () => void) => () => void, get: () => T, getServer?: () => T): T;
const seen = useSyncExternalStore(auth.subscribe, auth.getSnapshot, auth.getServerSnapshot);
holds<Equal<typeof seen, typeof auth.state>>();

// The documents of the gallery are typed like one's own.
void createClient({ dialect: fastapiUsers, baseUrl }).login({ identifier: "ada", password: "secret" });
void createClient({ dialect: matrixClientServer, baseUrl }).login({ identifier: "ada", password: "secret" });
// @ts-expect-error the password is missing
void createClient({ dialect: supabase, baseUrl }).login({ identifier: "ada" });
