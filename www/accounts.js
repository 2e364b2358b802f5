// Which demo account was used last at an API, so that a reload and a second tab offer the same one. Its name only.

const key = (api) => `relatch-demo:${api.name}`;

/** The account that logged in last, or the first one. */
export function lastAccount(api) {
  const username = attempt(() => localStorage.getItem(key(api)));
  return api.accounts.find((it) => it.username === username) ?? api.accounts[0];
}

/** Remembers an account. */
export const rememberAccount = (api, account) => attempt(() => localStorage.setItem(key(api), account.username));

// The page works without storage too, as the client does.
function attempt(action) {
  try {
    return action();
  } catch {
    return null;
  }
}
