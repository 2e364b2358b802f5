// What time it is for those that no change of this machine's clock reaches: the servers. A movable clock takes it over.

let source: (() => number) | undefined;

/** Milliseconds since the epoch, as a server with a good clock counts them. */
export const worldMs = (): number => (source ? source() : Date.now());

/** Lets a clock tell the time from now on, or with `undefined` the machine again. @throws if there is a clock already */
export function tellTime(next: (() => number) | undefined): void {
  if (next && source) throw new Error("installClock: there is one already; uninstall it first");
  source = next;
}
