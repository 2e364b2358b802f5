// The packed client and servers that others have written: one story with each of them.

import { after, before, describe } from "node:test";
import { installPage } from "relatch/testing";
import { test } from "../support/deadline.mjs";
import { start } from "./backend.mjs";
import { backends } from "./backends.mjs";
import { seenByScripts } from "./cookies.mjs";
import { Story } from "./story.mjs";

const START_MS = 120_000;
const STORY_MS = 180_000;

const page = installPage();
page.hide();
Object.defineProperty(document, "cookie", { get: seenByScripts });
after(() => page.uninstall());

const able = backends.filter(({ cannot }) => !cannot);
/** One server is enough for all the ways in which it can be spoken to. */
const folders = new Set(able.map(({ folder }) => folder));

// Side by side: nearly all that they do is to wait.
describe("a session at", { concurrency: true }, () => {
  for (const folder of folders) {
    describe(folder, { concurrency: true }, () => {
      let server;
      before(async () => (server = await start(folder)), { timeout: START_MS });
      after(() => server?.stop());
      for (const backend of able.filter((it) => it.folder === folder)) {
        const name = `${backend.dialect} begins with the right password, outlives its access tokens, survives a reload, and ends at a log-out`;
        test(name, () => tell(new Story(backend, server.address)), STORY_MS);
      }
    });
  }
});

async function tell(story) {
  try {
    const first = story.open();
    await story.logsIn(first);
    await story.goesOn(first);
    const second = await story.isReloaded(first);
    await story.logsOut(second);
  } finally {
    story.close();
  }
  story.tellsNoSecret();
}
