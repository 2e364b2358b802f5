// An OpenID provider with the two grants that a log-in form of one's own takes: password, which it has a place for, and refresh tokens, which rotate.

import { Provider, errors } from "oidc-provider";

const PASSWORD = "correct horse 9";
const client = {
  client_id: "web",
  token_endpoint_auth_method: "none",
  grant_types: ["password", "refresh_token"],
  redirect_uris: [],
  response_types: [],
};

const provider = new Provider("http://127.0.0.1", {
  clients: [client],
  scopes: ["openid", "offline_access"],
  findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
  features: { devInteractions: { enabled: false }, revocation: { enabled: true }, userinfo: { enabled: true } },
  rotateRefreshToken: true,
  // Pages of every origin may ask for tokens.
  clientBasedCORS: () => true,
  ttl: { AccessToken: 5, RefreshToken: 3600, Grant: 3600 },
  cookies: { keys: ["for tests"] },
});

provider.registerGrantType("password", password, ["username", "password", "scope"]);

async function password(ctx) {
  const { client, params } = ctx.oidc;
  if (params.username !== "ada" || params.password !== PASSWORD) throw new errors.InvalidGrant("invalid credentials provided");
  const grant = new provider.Grant({ clientId: client.clientId, accountId: params.username });
  grant.addOIDCScope("openid offline_access");
  const given = { accountId: params.username, client, grantId: await grant.save(), scope: "openid offline_access", gty: "password" };
  const access = new provider.AccessToken(given);
  const refresh = new provider.RefreshToken(given);
  ctx.body = {
    access_token: await access.save(),
    expires_in: access.expiration,
    refresh_token: await refresh.save(),
    scope: access.scope,
    token_type: access.tokenType,
  };
}

const server = provider.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
