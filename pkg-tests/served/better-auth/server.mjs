// better-auth with an e-mail address and a password: sessions in cookies, and by the bearer plug-in in headers.

import { createServer } from "node:http";
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { fromNodeHeaders, toNodeHandler } from "better-auth/node";
import { bearer } from "better-auth/plugins";

const server = createServer((request, response) => serve(request, response));
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const baseURL = `http://127.0.0.1:${server.address().port}`;

const auth = betterAuth({
  baseURL,
  secret: "a key for tests, longer than thirty-two bytes",
  database: memoryAdapter({ user: [], session: [], account: [], verification: [] }),
  emailAndPassword: { enabled: true },
  // As long as nobody calls; each call begins it anew.
  session: { expiresIn: 4, updateAge: 0 },
  plugins: [bearer()],
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
});
const handler = toNodeHandler(auth);

async function serve(request, response) {
  if (request.url !== "/me") return handler(request, response);
  const { headers, response: session } = await auth.api.getSession({ headers: fromNodeHeaders(request.headers), returnHeaders: true });
  // A session that goes on has a cookie that goes on.
  response.setHeaders(headers).writeHead(session ? 200 : 401, { "content-type": "application/json" });
  response.end(JSON.stringify(session ? { email: session.user.email } : { message: "Unauthorized" }));
}

await auth.api.signUpEmail({ body: { email: "ada@example.com", password: "correct horse 9", name: "Ada" } });
console.log(baseURL);
