// The moment that every SDK with several tabs fears: all of them meet an expired token at once. Played again and again against a server
// that takes a second use of a refresh token for a theft.

/** How long before the call the tabs hear of it, so that all of them are ready. */
const AHEAD_MS = 15;
/** The calls are so much apart at the most, and the renewal's answer takes so long. */
const APART_MS = 6;
const ANSWER_MS = 10;

/** Plays that with so many tabs of one profile; what came of it, in numbers. */
export async function trials(stage, { tabs: number, times }) {
  const server = stage.demo;
  const tabs = await stage.signedIn("gatego", number);
  const result = { trials: 0, doubleSends: 0, signOuts: 0, otherwise: [] };
  server.delay((path) => (path.endsWith("refresh-token") ? Math.random() * ANSWER_MS : 0));
  for (; result.trials < times; result.trials += 1) {
    const before = { ...server };
    const outcomes = await atOnce(server, tabs);
    result.doubleSends += server.doubleSends - before.doubleSends;
    result.signOuts += outcomes.filter((it) => !it.isSignedIn).length;
    const came = outcomes.map((it) => it.code ?? it.status);
    const renewals = server.renewals - before.renewals;
    if (renewals !== 1 || came.some((it) => it !== 200)) result.otherwise.push(`trial ${result.trials}: ${renewals} renewals, ${came.join(" ")}`);
    if (outcomes.some((it) => !it.isSignedIn)) await stage.login(tabs[0], "gatego", "ada");
  }
  return result;
}

function atOnce(server, tabs) {
  server.expire();
  const at = Date.now() + AHEAD_MS;
  return Promise.all(tabs.map((tab) => tab.lab.callAt("app", "/me", at + Math.random() * APART_MS)));
}
