// Waiting for what has begun, without waiting for a time.

import type { Databases } from "./database.js";

/** Turns of the event loop: an answer that is read, stored and told of takes a handful. */
const TURNS = 10;

/**
 * Makes what waits, out of the platform's own means; a movable clock replaces those afterwards. Waits for what is busy, too, and for what
 * comes of it: as long as something has begun or ended meanwhile.
 */
export function settler({ isBusy, changes }: Pick<Databases, "isBusy" | "changes">): () => Promise<void> {
  const turn = turner();
  return async () => {
    let seen;
    do {
      seen = changes();
      for (let left = TURNS; left > 0; left--) {
        await turn();
        await asked();
      }
    } while (isBusy() || changes() !== seen);
  };
}

function turner(): () => Promise<void> {
  const { setImmediate, setTimeout } = globalThis as typeof globalThis & { readonly setImmediate?: (callback: () => void) => unknown };
  if (setImmediate) return () => new Promise((resolve) => void setImmediate(resolve));
  if (typeof MessageChannel === "undefined") return () => new Promise((resolve) => void setTimeout(resolve, 0));
  return () =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => (port1.close(), resolve());
      port2.postMessage(null);
    });
}

/**
 * What is asked of a browser outside of its event loop is answered in the order of asking: a lock of our own is granted after those that
 * were free, and a body of our own is read after those before it.
 */
async function asked(): Promise<void> {
  await globalThis.navigator?.locks?.request("relatch/testing", { mode: "shared" }, () => {}).catch(() => {});
  await new Response("-").text();
}
