// IndexedDB answers when its own thread is done, which no turn of the event loop tells. So it is watched while a clock is installed.

import { replace } from "./replace.js";

/** What is under way in IndexedDB. */
export interface Databases {
  isBusy(): boolean;
  /** How often something has begun or ended. */
  changes(): number;
  /** Stops watching. */
  readonly restore: readonly (() => void)[];
}

/** Watches openings and transactions. Both end by themselves, unless another tab keeps an opening waiting. */
export function watchDatabases(): Databases {
  const busy = new Set<object>();
  let changes = 0;
  const watch = <T extends EventTarget>(work: T, ends: readonly string[]): T => {
    busy.add(work);
    changes++;
    for (const end of ends) work.addEventListener(end, () => (busy.delete(work), changes++));
    return work;
  };
  if (typeof IDBFactory === "undefined") return { isBusy: () => false, changes: () => 0, restore: [] };
  const { open } = IDBFactory.prototype;
  const { transaction } = IDBDatabase.prototype;
  const restore = [
    replace(IDBFactory.prototype, "open", function (this: IDBFactory, ...given: Parameters<typeof open>) {
      return watch(open.apply(this, given), ["success", "error", "blocked"]);
    }),
    replace(IDBDatabase.prototype, "transaction", function (this: IDBDatabase, ...given: Parameters<typeof transaction>) {
      return watch(transaction.apply(this, given), ["complete", "abort"]);
    }),
  ];
  return { isBusy: () => busy.size > 0, changes: () => changes, restore };
}
