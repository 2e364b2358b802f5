// The demo server's control endpoints: what a visitor does to the server, to see what the session makes of it.

async function ask(path, body) {
  const init =
    body === undefined ? {} : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(`/demo/${path}`, init);
  if (!response.ok) throw new Error(`/demo/${path} answered ${response.status}`);
  const text = await response.text();
  return text === "" ? null : JSON.parse(text);
}

/** The realms that are served, their demo accounts and the one password of these: `{ password, realms }`. */
export const config = () => ask("config");

/** Makes every token that was issued so far count as expired. */
export const expire = (realm) => ask(`${realm}/expire`, {});

/** Ends every session, as a log-out elsewhere would. */
export const endSessions = (realm) => ask(`${realm}/end-sessions`, {});

/** Switches an account on or off. */
export const setAccount = (realm, username, enabled) => ask(`${realm}/account`, { username, enabled });

/** How the realm answers from now on: `normal`, `stop` (never), `drop`, `error`, `rate-limit`. */
export const setAnswers = (realm, mode) => ask(`${realm}/answers`, { mode });

/** The messages that the realm would have sent by email or phone. */
export const outbox = (realm) => ask(`${realm}/outbox`);
