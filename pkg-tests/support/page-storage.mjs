// What the page has stored, to be looked into and spoilt by tests: a module that the page imports. The package's own names of its
// database and table stand here, and nowhere else in the tests.

const [DATABASE, TABLE] = ["relatch", "sessions"];

const settled = (request, done = "success") =>
  new Promise((resolve, reject) => {
    request[`on${done}`] = () => resolve(request.result);
    request.onerror = request.onabort = () => reject(request.error);
  });

async function within(mode, work) {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(TABLE);
  const database = await settled(opening);
  try {
    const transaction = database.transaction(TABLE, mode);
    const result = work(transaction.objectStore(TABLE));
    await settled(transaction, "complete");
    return result?.result;
  } finally {
    database.close();
  }
}

/** All records, the text of each under its key. */
export async function records() {
  const [keys, values] = [await within("readonly", (table) => table.getAllKeys()), await within("readonly", (table) => table.getAll())];
  return Object.fromEntries(keys.map((key, at) => [key, values[at]]));
}

/** Puts this in the place of every record. */
export async function spoil(value) {
  for (const key of Object.keys(await records())) await within("readwrite", (table) => void table.put(value, key));
}

/** Gives every record these members. */
export async function amend(members) {
  for (const [key, text] of Object.entries(await records())) {
    await within("readwrite", (table) => void table.put(JSON.stringify({ ...JSON.parse(text), ...members }), key));
  }
}

/** Forgets everything, as a user does who clears the data of a site. */
export async function clear() {
  localStorage.clear();
  sessionStorage.clear();
  await settled(indexedDB.deleteDatabase(DATABASE));
}
