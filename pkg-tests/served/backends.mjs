// The servers, and what is to be expected of each.
//
// How to add one: a folder with a `server.py` or `server.mjs` that has one account and tokens of a few seconds, and prints its address;
// its packages in `requirements.txt` or `package.json`; its document in `dialects/gallery`; a row here.

import { existsSync } from "node:fs";
import { join } from "node:path";

/** Whether the packages are there that a server has for itself: they are too large for every run. */
const installed = (folder) => existsSync(join(import.meta.dirname, folder, "node_modules"));

const PASSWORD = "correct horse 9";
const ada = { identifier: "ada", password: PASSWORD };
const adaByMail = { identifier: "ada@example.com", password: PASSWORD };

/**
 * @typedef Backend
 * @property {string} dialect The name of its document.
 * @property {string} folder Where its server is.
 * @property {boolean} [cannot] Whether it is not asked for, or has no program for this machine.
 * @property {string} [below] The path at which the API begins.
 * @property {{ identifier: string, password: string }} login
 * @property {string} wrong The code of a login with another password.
 * @property {string} me A call that answers who is signed in; `user` finds the name in its answer.
 * @property {(answer: any) => string} user
 * @property {"renewal" | "login" | "ahead" | "calls"} lasts By what a session goes on: a renewal, another login, a renewal that has to come before
 *   the token ends, or by every call.
 * @property {string} renewal The request by which it does.
 * @property {string} [logout] The request by which it ends, if the server has one.
 * @property {"calls" | "renewals"} [forgets] What the server refuses afterwards, of somebody who has a copy of the session.
 * @property {Record<string, string>} [context]
 */

/** @type {Backend[]} */
export const backends = [
  {
    dialect: "django-simplejwt",
    folder: "django-simplejwt",
    login: ada,
    wrong: "bad-credentials",
    me: "/api/me/",
    user: (it) => it.username,
    lasts: "renewal",
    renewal: "POST /api/token/refresh/",
    logout: "POST /api/token/blacklist/",
    forgets: "renewals",
  },
  {
    dialect: "fastapi-users",
    folder: "fastapi-users",
    login: adaByMail,
    wrong: "bad-credentials",
    me: "/users/me",
    user: (it) => it.email,
    lasts: "login",
    renewal: "POST /auth/jwt/login",
    logout: "POST /auth/jwt/logout",
  },
  {
    dialect: "fastapi-users-cookie",
    folder: "fastapi-users",
    login: adaByMail,
    wrong: "bad-credentials",
    me: "/users/me",
    user: (it) => it.email,
    lasts: "login",
    renewal: "POST /auth/cookie/login",
    logout: "POST /auth/cookie/logout",
    forgets: "calls",
  },
  {
    dialect: "flask-jwt-extended",
    folder: "flask-jwt-extended",
    login: ada,
    wrong: "bad-credentials",
    me: "/me",
    user: (it) => it.username,
    lasts: "renewal",
    renewal: "POST /refresh",
    logout: "DELETE /logout",
    forgets: "calls",
  },
  {
    dialect: "flask-jwt-extended-cookies",
    folder: "flask-jwt-extended",
    below: "/cookies",
    login: ada,
    wrong: "bad-credentials",
    me: "/me",
    user: (it) => it.username,
    lasts: "renewal",
    renewal: "POST /cookies/refresh",
    logout: "POST /cookies/logout_with_cookies",
    forgets: "calls",
  },
  {
    dialect: "oidc-provider",
    folder: "oidc-provider",
    context: { client_id: "web" },
    login: ada,
    wrong: "bad-credentials",
    me: "/me",
    user: (it) => it.sub,
    lasts: "renewal",
    renewal: "POST /token",
    logout: "POST /token/revocation",
    forgets: "renewals",
  },
  {
    dialect: "json-server-auth",
    folder: "json-server-auth",
    login: adaByMail,
    wrong: "wrong-password",
    me: "/users/1",
    user: (it) => it.email,
    lasts: "login",
    renewal: "POST /login",
  },
  {
    dialect: "better-auth",
    folder: "better-auth",
    login: adaByMail,
    wrong: "bad-credentials",
    me: "/me",
    user: (it) => it.email,
    lasts: "calls",
    renewal: "GET /api/auth/get-session",
    logout: "POST /api/auth/sign-out",
    forgets: "calls",
  },
  {
    dialect: "better-auth-bearer",
    folder: "better-auth",
    login: adaByMail,
    wrong: "bad-credentials",
    me: "/me",
    user: (it) => it.email,
    lasts: "calls",
    renewal: "GET /api/auth/get-session",
    logout: "POST /api/auth/sign-out",
    forgets: "calls",
  },
  {
    dialect: "pocketbase",
    folder: "pocketbase",
    cannot: process.platform !== "linux" || process.arch !== "x64",
    login: ada,
    wrong: "bad-credentials",
    me: "/api/collections/users/records",
    // To guests this collection is empty: an ended token is no error.
    user: (it) => it.items[0]?.username,
    lasts: "ahead",
    renewal: "POST /api/collections/users/auth-refresh",
  },
  {
    dialect: "directus",
    folder: "directus",
    cannot: !installed("directus"),
    login: adaByMail,
    wrong: "bad-credentials",
    me: "/users/me",
    user: (it) => it.data.email,
    lasts: "renewal",
    renewal: "POST /auth/refresh",
    logout: "POST /auth/logout",
    forgets: "renewals",
  },
  {
    dialect: "directus-session",
    folder: "directus",
    cannot: !installed("directus"),
    login: adaByMail,
    wrong: "bad-credentials",
    me: "/users/me",
    user: (it) => it.data.email,
    lasts: "ahead",
    renewal: "POST /auth/refresh",
    logout: "POST /auth/logout",
    forgets: "calls",
  },
];
