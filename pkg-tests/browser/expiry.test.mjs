// A session in each of the five realms, with tokens that live for seconds and end by the clock, as they do in front of a person.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { eventually, test } from "../support/deadline.mjs";
import { ENGINES } from "../support/engines.mjs";
import { REALMS, renewsByLogin, requestOf } from "../support/realms.mjs";
import { BrowserStage, staged } from "../support/stage.mjs";

const LIFETIME_SECS = 3;
const KEPT = { credentials: true };
const expired = () => pause(LIFETIME_SECS * 1000 + 200);

for (const engine of ENGINES) {
  describe(engine.name, () => {
    const stage = staged(() => new BrowserStage(engine), { lifetimeSecs: LIFETIME_SECS });

    for (const realm of REALMS) {
      const renewals = async () => (await stage.demo.counts(realm))[requestOf(realm, "renewal")] ?? 0;
      const profile = () => stage.demo.realm(realm).profile;

      async function signedIn(options) {
        const tab = await stage.tab();
        await tab.lab.open("app", stage.options(realm, { ...KEPT, ...options }));
        assert.equal((await tab.lab.login("app", stage.demo.credentials(realm, "ada"))).code, null);
        return tab;
      }

      async function reloaded(tab, options) {
        await tab.reload();
        await tab.lab.open("app", stage.options(realm, { ...KEPT, ...options }));
      }

      test(`${realm}: the state tells when the token ends, and the claims without vouching for them`, async () => {
        const tab = await stage.tab();
        await tab.lab.open("app", stage.options(realm, KEPT));
        const before = Date.now();
        await tab.lab.login("app", stage.demo.credentials(realm, "ada"));
        const state = await tab.lab.state("app");
        assert.equal(state.status, "signed-in");
        const received = state.expiresAt - LIFETIME_SECS * 1000;
        assert.ok(before <= received && received <= Date.now(), `it ends ${state.expiresAt - before} ms after the login was sent`);
        assert.equal(typeof state.claims.jti, "string");
        assert.ok(await tab.lab.stateIsStable("app"));
      });

      test(`${realm}: a call after the token's end renews first and succeeds, and twenty cause one renewal`, async () => {
        const tab = await signedIn();
        await expired();
        await stage.demo.forgetCounts(realm);
        const outcomes = await tab.lab.calls("app", profile(), 20);
        assert.deepEqual(outcomes.map((it) => it.status), Array(20).fill(200));
        // Ahead of time or on demand: since the login there can have been one for each lifetime that passed, and no more.
        assert.ok((await renewals()) <= 1, `${await renewals()} renewals`);
      });

      const helps = renewsByLogin(realm) ? "the person is asked once while calls wait" : "the stored refresh token renews unseen";
      test(`${realm}: after a reload and the token's end, ${helps}`, async () => {
        const tab = await signedIn({ asks: ["later"] });
        await reloaded(tab, { asks: ["later"] });
        await stage.demo.forgetCounts(realm);
        await expired();
        await tab.lab.begin("one", "app", profile());
        await tab.lab.begin("two", "app", profile());
        if (renewsByLogin(realm)) {
          await eventually("the person is asked", async () => (await tab.lab.asked("app")).length === 1);
          assert.equal(await tab.lab.outcome("one", 500), null, "it waits for the person");
          await tab.lab.supply("app", stage.demo.credentials(realm, "ada"));
        }
        for (const name of ["one", "two"]) assert.equal((await tab.lab.outcome(name)).status, 200);
        assert.equal((await tab.lab.asked("app")).length, renewsByLogin(realm) ? 1 : 0);
        // A visible page renews ahead of time too: on a slow machine that is one more before the calls are through.
        assert.ok((await renewals()) >= 1);
        assert.equal((await tab.lab.state("app")).status, "signed-in");
      });

      test(`${realm}: log-out leaves nothing in any storage`, async () => {
        const tab = await signedIn();
        assert.match(await tab.stored(), /./);
        await tab.lab.logout("app");
        const stored = await tab.stored();
        for (const token of stage.gateway.tokens) assert.ok(!stored.includes(token), "a token stayed in a storage");
        assert.equal((await tab.lab.state("app")).claims ?? null, null);
      });
    }
  });
}
