// Engines that lack something, or refuse it: what is run in a page before the package is there. Each goes to the page as text.

/** What may be missing, with the session shared by all tabs all the same. */
export const LACKS = {
  "Web Locks": () => {
    delete Navigator.prototype.locks;
  },
  "the right to Web Locks": () => {
    LockManager.prototype.request = async () => {
      throw new DOMException("Locks are refused here.", "SecurityError");
    };
  },
  BroadcastChannel: () => {
    delete globalThis.BroadcastChannel;
  },
  IndexedDB: () => {
    Object.defineProperty(globalThis, "indexedDB", { value: undefined });
  },
  "the right to IndexedDB": () => {
    const get = () => {
      throw new DOMException("Databases are refused here.", "SecurityError");
    };
    Object.defineProperty(globalThis, "indexedDB", { get });
  },
  "an IndexedDB that opens": () => {
    IDBFactory.prototype.open = () => {
      const request = {};
      setTimeout(() => request.onerror(new Event("error")));
      return request;
    };
  },
  "IndexedDB, Web Locks and BroadcastChannel": () => {
    Object.defineProperty(globalThis, "indexedDB", { value: undefined });
    delete Navigator.prototype.locks;
    delete globalThis.BroadcastChannel;
  },
};

/** Where nothing can be stored. */
export const NOWHERE = {
  refused: () => {
    const get = () => {
      throw new DOMException("Storage is refused here.", "SecurityError");
    };
    for (const name of ["indexedDB", "localStorage", "sessionStorage"]) Object.defineProperty(globalThis, name, { get });
  },
  missing: () => {
    for (const name of ["indexedDB", "localStorage", "sessionStorage"]) Object.defineProperty(globalThis, name, { value: undefined });
  },
  silent: () => {
    IDBFactory.prototype.open = () => ({});
  },
};
