// The same story in front of each of the five APIs: several tabs, a token that ends, a page that is loaded anew, a log-out. Some have an
// endpoint to renew at; the others know another login only, with credentials that one tab keeps in its memory, or that a person types.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { eventually, test } from "../support/deadline.mjs";
import { ENGINES } from "../support/engines.mjs";
import { REALMS, renewsByLogin, requestOf, tellsExpiry } from "../support/realms.mjs";
import { BrowserStage, staged } from "../support/stage.mjs";

const KEPT = { credentials: true, asks: ["later"] };
const LIFETIME_SECS = 4;

for (const engine of ENGINES) {
  describe(engine.name, () => {
    const stage = staged(() => new BrowserStage(engine));
    for (const realm of REALMS.filter(tellsExpiry)) tell(stage, realm, () => stage.demo.expire(realm));
  });

  describe(`${engine.name}, where only the clock tells that a token has ended`, () => {
    const stage = staged(() => new BrowserStage(engine), { lifetimeSecs: LIFETIME_SECS });
    const ended = async (tab) => pause(Math.max((await tab.lab.state("app")).expiresAt - Date.now(), 0) + 100);
    for (const realm of REALMS.filter((it) => !tellsExpiry(it))) tell(stage, realm, ended);
  });
}

/** @param expire ends the token that this tab has, or waits for its end */
function tell(stage, realm, expire) {
  const profile = () => stage.demo.realm(realm).profile;
  const status = async (tab) => (await tab.lab.state("app")).status;
  const all = (tabs, work) => Promise.all(tabs.map(work));
  let since;

  async function endToken(tab) {
    await stage.demo.forgetCounts(realm);
    since = performance.now();
    await expire(tab);
  }

  /** Where tokens end by the clock, pages that are seen renew ahead of that too. */
  async function assertRenewedOnce() {
    const renewals = (await stage.demo.counts(realm))[requestOf(realm, "renewal")] ?? 0;
    const most = tellsExpiry(realm) ? 1 : Math.ceil((performance.now() - since) / (LIFETIME_SECS * 900));
    assert.ok(1 <= renewals && renewals <= most, `${renewals} renewals, and not one to ${most}`);
  }

  async function assertSucceed(tabs, times) {
    const outcomes = await all(tabs, (tab) => tab.lab.calls("app", profile(), times));
    assert.deepEqual(outcomes.flat().filter((it) => it.status !== 200), []);
  }

  async function reloaded(tab) {
    await tab.reload();
    await tab.lab.open("app", stage.options(realm, KEPT));
  }

  const unseen = renewsByLogin(realm) ? "the tab that keeps the credentials renews once for all" : "one renews for all";
  const help = renewsByLogin(realm) ? "a person is asked in one tab" : "another one renews";
  test(`${realm}: at the token's end ${unseen} tabs; without the one that logged in, ${help}; and one signs out for all`, async () => {
    // The first tab can be seen, whatever the engine.
    const seen = await stage.opened(realm, KEPT);
    const [keeper, other] = await all([1, 2], () => stage.opened(realm, KEPT, seen.context));
    await stage.login(keeper, realm, "ada");
    for (const tab of [seen, other]) await eventually("the login is adopted", async () => (await status(tab)) === "signed-in");
    await endToken(other);
    await assertSucceed([keeper, seen, other], 7);
    await assertRenewedOnce();

    await reloaded(keeper);
    await endToken(other);
    const tabs = [seen, keeper, other];
    assert.deepEqual((await all(tabs, (tab) => tab.lab.asked("app"))).flat(), []);
    for (const tab of tabs) await tab.lab.begin("call", "app", profile());
    if (renewsByLogin(realm)) await answerForAll(tabs);
    for (const tab of tabs) assert.equal((await tab.lab.outcome("call")).status, 200);
    await assertRenewedOnce();

    await other.lab.logout("app");
    for (const tab of tabs) await eventually("the log-out is followed", async () => (await status(tab)) === "signed-out");
    await reloaded(seen);
    await stage.demo.forgetCounts(realm);
    for (const tab of tabs) assert.equal((await tab.lab.call("app", profile())).code, "login-required");
    assert.deepEqual(await stage.demo.counts(realm), {});
  });

  async function answerForAll(tabs) {
    const asked = async () => (await all(tabs, (tab) => tab.lab.asked("app"))).map((it) => it.length);
    await eventually("a person is asked", async () => (await asked()).includes(1));
    await tabs[(await asked()).indexOf(1)].lab.supply("app", stage.demo.credentials(realm, "ada"));
    for (const tab of tabs) await eventually("the login is followed", async () => (await tab.lab.outcome("call", 0)) !== null);
    assert.deepEqual((await asked()).sort(), [0, 0, 1]);
  }
}
