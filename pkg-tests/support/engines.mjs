// The browser engines that the package is tested in. How to add one: a row here; the tests know none of them by name.

import { chromium } from "playwright-core";

export const ENGINES = [
  {
    name: "Chromium",
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
];
