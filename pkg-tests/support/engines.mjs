// The browser engines that the package is tested in. How to add one: a row here, and what it needs on a machine in `xtask/src/needs.rs`; the
// tests know none of them by name. A browser has `newContext`, a profile of its own; that has `newPage`, a tab of it; that has `goto`,
// `reload`, `evaluate` and `close`: Playwright's names, of which no others are used.

import { fileURLToPath } from "node:url";
import { chromium, firefox } from "playwright-core";
import { WebDriverBrowser } from "./webdriver.mjs";

const FIREFOX = fileURLToPath(new URL("firefox.sh", import.meta.url));

const ALL = [
  {
    name: "Chromium",
    // Every tab is visible, however many there are. One that has crashed can be closed, and not loaded anew.
    launch: () =>
      chromium.launch({
        executablePath: process.env.RELATCH_CHROMIUM ?? "/usr/bin/chromium",
        args: [
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
        ],
      }),
  },
  {
    name: "Firefox",
    // Every tab is visible.
    launch: () =>
      firefox.launch({
        executablePath: FIREFOX,
        // By this, Playwright speaks WebDriver BiDi, which the browser as Mozilla ships it understands.
        channel: "moz-firefox",
        headless: true,
        // Tabs of one site share four processes by default; what befalls one tab would befall others.
        firefoxUserPrefs: { "dom.ipc.processCount.webIsolated": 16 },
      }),
  },
  {
    name: "WebKitGTK",
    // The first tab of a profile is visible, the others are hidden. A profile is in memory only. When a tab has
    // crashed, the others live on and can be asked, but the driver's session is over: no tab can be opened any more, or loaded anew.
    crashesAreFinal: true,
    launch: () => WebDriverBrowser.launch(process.env.RELATCH_WEBKIT_DRIVER ?? "/usr/bin/WebKitWebDriver"),
  },
];

const chosen = process.env.RELATCH_ENGINES?.split(",");

/** All of them, or those that `RELATCH_ENGINES` names with commas in between. */
export const ENGINES = ALL.filter(({ name }) => chosen?.includes(name) ?? true);
