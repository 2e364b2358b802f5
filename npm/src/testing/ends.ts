// What answers say of a token's end, in the units of `docs/dialects/format.md`.

import type { DialectDocument } from "../document.js";

type Unit = NonNullable<NonNullable<DialectDocument["expires"]>["unit"]>;

/** Of a lifetime in seconds that begins at that moment, in milliseconds since the epoch. */
export const END: { readonly [unit in Unit]: (lifetimeSecs: number, nowMs: number) => number | string } = {
  seconds: (secs) => secs,
  millis: (secs) => secs * 1000,
  minutes: (secs) => secs / 60,
  hours: (secs) => secs / 3600,
  days: (secs) => secs / 86_400,
  epoch: (secs, nowMs) => Math.floor(nowMs / 1000) + secs,
  "epoch-millis": (secs, nowMs) => nowMs + secs * 1000,
  iso8601: (secs, nowMs) => new Date(nowMs + secs * 1000).toISOString(),
};
