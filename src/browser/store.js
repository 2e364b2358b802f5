// Where the record is kept. What the host asks for is a store that writes only over what it last read: several tabs share it.
//
// An access looks what there is under a key, and puts a text in its place if it is still what was seen. Everything else is made of that.

/** A store that does not answer must not make anybody wait for ever. */
const DEADLINE_MS = 5000;

/** One that has not answered a first time, as databases that never open, is not waited for again and again. */
const SILENT_MS = 500;

/** As long as a page that is leaving may take to let its lock go. */
const LEAVING_MS = 1000;

const TABLE = "sessions";

/** A store of one record, made when the session starts: `"local"`, `"session"`, `"memory"`, or an object like web storage. */
export function store(storage) {
  // Looking at a storage may throw, which is for its store to find out.
  if (storage === "local") return storeOf(local(() => localStorage));
  if (storage === "session") return storeOf(ofTab(() => sessionStorage));
  return storeOf(storage === "memory" ? memory() : simple(() => storage));
}

/** For Rust: IndexedDB, or where that is refused, this storage; and this storage, which is the tab's own. */
export const localStore = (storage) => storeOf(local(() => storage));
export const tabStore = (storage) => storeOf(ofTab(() => storage));

/** `setItem` gives what is there instead, if that is not what this store last gave. */
function storeOf(access) {
  let seen = null;
  let silent;
  const ask = async (...given) => {
    const millis = silent ? SILENT_MS : DEADLINE_MS;
    silent ??= true;
    const found = await within(millis, access(...given));
    silent = false;
    return found;
  };
  return {
    getItem: async (key) => (seen = await ask(key)),
    setItem: async (key, text) => {
      const found = await ask(key, seen, text);
      const lost = found !== seen;
      seen = lost ? found : text;
      return lost ? found : undefined;
    },
  };
}

function within(millis, work) {
  let timer;
  const late = new Promise((_, reject) => (timer = setTimeout(reject, millis)));
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Looks and writes in two steps, since two are all there is. */
const simple = (storage) => async (key, seen, text) => {
  const found = (await storage().getItem(key)) ?? null;
  if (text !== undefined && found === seen) await storage().setItem(key, text);
  return found;
};

/** IndexedDB: the one storage of a browser's that is the same for all tabs at the same time. */
function shared() {
  let database;
  const open = () =>
    new Promise((resolve, reject) => {
      const opening = indexedDB.open("relatch", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore(TABLE);
      opening.onerror = reject;
      opening.onsuccess = () => {
        const { result } = opening;
        // Somebody deletes it: it is made anew.
        result.onclose = result.onversionchange = () => ((database = undefined), result.close());
        resolve(result);
      };
    });
  return async (key, seen, text) => {
    const transaction = (await (database ??= open())).transaction(TABLE, text === undefined ? "readonly" : "readwrite");
    const table = transaction.objectStore(TABLE);
    return new Promise((resolve, reject) => {
      let found;
      const reading = table.get(key);
      reading.onsuccess = () => {
        // What is no text is not ours.
        found = typeof reading.result === "string" ? reading.result : null;
        if (text === undefined) resolve(found);
        else if (found === seen) table.put(text, key);
      };
      transaction.oncomplete = () => resolve(found);
      transaction.onabort = reject;
    });
  };
}

// One that is slow is not refused: to take another would lose the session that it holds.
function local(storage) {
  const [first, second] = [shared(), simple(storage)];
  let chosen;
  const choose = async (key) => {
    try {
      await moveTo(first, key, await first(key), storage).catch(() => {});
      return first;
    } catch {
      return second;
    }
  };
  return async (key, seen, text) => (await (chosen ??= choose(key)))(key, seen, text);
}

/** What was written while there was no IndexedDB, or by a version of this package that did not use it. */
async function moveTo(access, key, found, storage) {
  const old = storage().getItem(key);
  if (old === null) return;
  if (found === null) await access(key, found, old);
  storage().removeItem(key);
}

/**
 * `sessionStorage`, which browsers copy into a tab that is duplicated or opened by this one. A lock, held by the page, says whose a copy
 * is; one that another page holds is forgotten. Without Web Locks, whoever has a copy has the session.
 */
function ofTab(storage) {
  const access = simple(storage);
  let claimed;
  return async (key, seen, text) => {
    await (claimed ??= claim(storage(), key, () => (claimed = undefined)));
    return access(key, seen, text);
  };
}

async function claim(storage, key, lost) {
  if (!navigator.locks) return;
  const mark = `${key} tab`;
  const name = storage.getItem(mark);
  if (name && (await hold(name, lost))) return;
  if (name) storage.removeItem(key);
  const own = crypto.randomUUID();
  storage.setItem(mark, own);
  await hold(own, lost);
}

/** Whether the lock is ours within a moment: the page before this one may still be leaving. Let go with the page, which may come back. */
const hold = (name, lost) =>
  new Promise((resolve) => {
    const held = (release) => {
      addEventListener("pagehide", () => (lost(), release()), { once: true });
      resolve(true);
    };
    navigator.locks.request(name, { signal: AbortSignal.timeout(LEAVING_MS) }, () => new Promise(held)).catch(() => resolve(false));
  });

/** Of this page, as long as it lives. */
function memory() {
  let kept = null;
  return async (_, seen, text) => {
    const found = kept;
    if (text !== undefined && found === seen) kept = text;
    return found;
  };
}
