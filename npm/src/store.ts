// Where the record is kept. What the wasm asks for is a store that writes only over what it last read: several tabs share it.

import type { ClientOptions, StorageAdapter } from "./types.js";
import type { DialectDocument } from "./document.js";

/** A store of one record. `setItem` gives what is there instead, if that is not what this store last gave. */
export interface Store {
  getItem(key: string): Promise<string | null>;
  setItem(key: string, text: string): Promise<string | null | undefined>;
}

/** A store that does not answer must not make anybody wait for ever. */
const DEADLINE_MS = 5000;

/** What there is, and the text in its place if it is still `seen`. */
type Access = (key: string, seen?: string | null, text?: string) => Promise<string | null>;

function storeOf(access: Access): Store {
  let seen: string | null = null;
  const within = async (work: Promise<string | null>) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => (timer = setTimeout(reject, DEADLINE_MS)));
    return Promise.race([work, late]).finally(() => clearTimeout(timer));
  };
  return {
    getItem: async (key) => (seen = await within(access(key))),
    setItem: async (key, text) => {
      const found = await within(access(key, seen, text));
      const lost = found !== seen;
      seen = lost ? found : text;
      return lost ? found : undefined;
    },
  };
}

/** Looks and writes in two steps, since two are all there is. */
const simple =
  (storage: () => StorageAdapter): Access =>
  async (key, seen, text) => {
    const found = (await storage().getItem(key)) ?? null;
    if (text !== undefined && found === seen) await storage().setItem(key, text);
    return found;
  };

const page = (kind: "local" | "session") => () => globalThis[`${kind}Storage`];

const TABLE = "sessions";

/** IndexedDB: the one storage of a browser's that is the same for all tabs at the same time. */
function shared(): Access {
  let database: Promise<IDBDatabase> | undefined;
  const open = () =>
    new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open("relatch", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore(TABLE);
      opening.onerror = reject;
      opening.onsuccess = () => {
        const { result } = opening;
        result.onclose = result.onversionchange = () => ((database = undefined), result.close());
        resolve(result);
      };
    });
  return async (key, seen, text) => {
    const transaction = (await (database ??= open())).transaction(TABLE, text === undefined ? "readonly" : "readwrite");
    const table = transaction.objectStore(TABLE);
    return new Promise((resolve, reject) => {
      let found: string | null;
      const reading = table.get(key);
      reading.onsuccess = () => {
        found = reading.result ?? null;
        if (text === undefined) resolve(found);
        else if (found === seen) table.put(text, key);
      };
      transaction.oncomplete = () => resolve(found);
      transaction.onabort = reject;
    });
  };
}

/** IndexedDB, or where that is refused, what else the page may use. */
function local(): Access {
  const [first, second] = [shared(), simple(page("local"))];
  let chosen: Promise<Access> | undefined;
  return async (key, seen, text) => {
    chosen ??= first(key).then(
      () => first,
      () => second,
    );
    return (await chosen)(key, seen, text);
  };
}

/** Of this page, as long as it lives. */
function memory(): Access {
  let kept: string | null = null;
  return async (_, seen, text) => {
    const found = kept;
    if (text !== undefined && found === seen) kept = text;
    return found;
  };
}

/** Made when the session starts. */
export function store(storage: ClientOptions<DialectDocument>["storage"] = "local"): Store {
  if (storage === "local") return storeOf(local());
  if (storage === "memory") return storeOf(memory());
  return storeOf(simple(storage === "session" ? page(storage) : () => storage));
}
