// The clients under test, driven from outside by plain data: the same in a page, where the browser's driver calls it, and in Node, where the
// tests do. Everything that an app could see or log is written down, so that it can be searched for secrets afterwards.

const clients = new Map();
const begun = new Map();
const heard = [];

/** Writes down what an app was told, whatever it is. */
function hear(kind, value) {
  heard.push(`${kind}: ${typeof value === "string" ? value : JSON.stringify(value)}`);
}

// An error as the most careless logger would print it.
function spelled(error) {
  if (!(error instanceof Error)) return String(error);
  const own = Object.fromEntries(Object.getOwnPropertyNames(error).map((name) => [name, String(error[name])]));
  const cause = error.cause === undefined ? "" : spelled(error.cause);
  return JSON.stringify([String(error), JSON.stringify(error), own, cause]);
}

function failureOf(error, AuthError) {
  hear("error", spelled(error));
  // Errors of the platform's own fetch are handed on as they are.
  if (!(error instanceof AuthError)) return { code: `platform: ${error?.name}` };
  const { code, retryable, status, reason, details } = error;
  return { code, retryable, status: status ?? null, reason: reason ?? null, details: JSON.parse(JSON.stringify(details)) };
}

const BODIES = {
  text: (text) => text,
  blob: (text) => new Blob([text], { type: "text/plain" }),
  bytes: (text) => new TextEncoder().encode(text),
  params: (text) => new URLSearchParams({ text }),
  form: (text) => {
    const form = new FormData();
    form.set("text", text);
    return form;
  },
  stream: (text) => new Blob([text]).stream(),
};

function initOf({ body, ...init }) {
  if (body === undefined) return init;
  const made = BODIES[body.kind](body.text);
  return { ...init, body: made, ...(body.kind === "stream" && { duplex: "half" }) };
}

/** The lab of one copy of the package. */
export function makeLab({ createClient, AuthError, dialects }) {
  const settled = (promise) => promise.catch((error) => failureOf(error, AuthError));
  const client = (id) => clients.get(id).auth;

  // Answers are given one per question; "later" leaves it open until `supply`.
  function asker(entry, answers) {
    return ({ reason }) => {
      entry.asked.push(reason);
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      return answer === "later" ? new Promise((resolve) => (entry.supply = resolve)) : answer;
    };
  }

  // A store that answers late, as one behind a network would.
  function adapterOf(kept) {
    const later = (value) => new Promise((resolve) => setTimeout(resolve, 5, value));
    return {
      getItem: (key) => later(kept.get(key) ?? null),
      setItem: (key, value) => later(void kept.set(key, value)),
    };
  }

  const lab = {
    /** Makes a client; `asks` are the answers of `onLoginRequired`, which is not given without them. */
    async open(id, { dialect, lifetimeSecs, attach, asks, credentials, storage = "local", ...options }) {
      const entry = { asked: [], events: [] };
      const document = dialects[dialect];
      // A deployment with other lifetimes than its dialect's overrides that one member.
      const expires = lifetimeSecs ? { ...document.expires, after_secs: lifetimeSecs } : document.expires;
      entry.auth = createClient({
        dialect: { ...document, expires, attach: attach ?? document.attach },
        storage: storage === "adapter" ? adapterOf((globalThis.keptByAdapter ??= new Map())) : storage,
        renewal: { credentials, ...(asks && { onLoginRequired: asker(entry, asks) }) },
        logger: (entry) => hear("logger", entry),
        ...options,
      });
      clients.set(id, entry);
      entry.auth.subscribe((state, event) => {
        entry.events.push(event.type);
        hear("event", event);
        hear("state", state);
      });
      await entry.auth.ready();
    },

    dispose(id) {
      client(id).dispose();
      clients.delete(id);
    },

    login: (id, credentials, options) => settled(client(id).login(credentials, options).then(() => ({ code: null }))),
    logout: (id) => settled(client(id).logout().then(() => ({ code: null }))),
    renew: (id) => settled(client(id).renew().then(() => ({ code: null }))),
    perform: (id, name, values) => settled(client(id).perform(name, values).then((result) => ({ code: null, result: result ?? null }))),
    token: (id) => settled(client(id).token().then((token) => ({ code: null, length: token.length }))),

    /** Sends a call, or many at once; `asRequest` hands over a `Request`. */
    call(id, url, { asRequest, abortAfterMs, ...given } = {}) {
      const init = initOf(given);
      if (abortAfterMs !== undefined) {
        const controller = new AbortController();
        setTimeout(() => controller.abort(), abortAfterMs);
        init.signal = controller.signal;
      }
      const sent = asRequest ? client(id).fetch(new Request(url, init)) : client(id).fetch(url, init);
      return settled(
        sent.then(async (response) => ({
          code: null,
          status: response.status,
          isNative: response instanceof Response,
          body: await response.text(),
        })),
      );
    },

    /** Sends a call at that time of the wall clock, and tells besides whether somebody is signed in then. */
    async callAt(id, url, at) {
      await new Promise((resolve) => setTimeout(resolve, at - Date.now()));
      const outcome = await this.call(id, url);
      return { ...outcome, isSignedIn: client(id).state.status === "signed-in" };
    },

    calls(id, url, times) {
      return Promise.all(Array.from({ length: times }, () => this.call(id, url)));
    },

    /** Sends a call with each of these texts at once. */
    each: (id, url, texts) => Promise.all(texts.map((text) => lab.call(id, url, { method: "POST", body: { kind: "text", text } }))),

    /** Sends a call and does not wait for it. */
    begin(name, id, url, init) {
      begun.set(name, this.call(id, url, init));
    },

    /** What became of a call that was begun; `null` if it still waits after `withinMs`. */
    outcome(name, withinMs = 10_000) {
      return Promise.race([begun.get(name), new Promise((resolve) => setTimeout(resolve, withinMs, null))]);
    },

    /** Reads the first piece of a response that has no end, then stops reading. */
    firstPiece(id, url) {
      const piece = async (response) => {
        const reader = response.body.getReader();
        const { value } = await reader.read();
        await reader.cancel();
        return { code: null, text: new TextDecoder().decode(value) };
      };
      return settled(client(id).fetch(url).then(piece));
    },

    setContext: (id, name, value) => client(id).setContext(name, value),
    supply: (id, credentials) => clients.get(id).supply(credentials),
    asked: (id) => clients.get(id).asked,
    events: (id) => clients.get(id).events,
    history: (id) => client(id).history(),

    state(id) {
      const { auth } = clients.get(id);
      hear("history", auth.history());
      hear("state", auth.state);
      return JSON.parse(JSON.stringify(auth.state));
    },

    /** Two reads of a state that did not change. */
    stateIsStable: (id) => client(id).state === client(id).state && Object.isFrozen(client(id).state),
    heard: () => heard,
  };
  return lab;
}
