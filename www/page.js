// What the panels share: the session that is open, the visitor's choices, and everything they can ask for. It draws
// nothing; `view` is told when there is something new to show.

import { AuthError } from "relatch";
import { lastAccount, rememberAccount } from "./accounts.js";
import { askLogin } from "./ask-dialog.js";
import { Journal } from "./journal.js";
import { Session } from "./session.js";

/** The page, without its looks. */
export class Page {
  /** @type {Session} the session at the chosen API */
  session = null;
  /** The demo account that is chosen. */
  account = null;
  /** The last answer of a protected endpoint: `{ path, status, text }`. */
  lastAnswer = null;
  choices = { keepPassword: true, ask: true };

  /**
   * @param {string} password of every demo account
   * @param {{ entered(): void, changed(): void, answered(): void, failed(error: Error): void, say(text: string): void }} view
   */
  constructor(password, view) {
    this.password = password;
    this.view = view;
  }

  /** Goes to an API. The session before is let go, not signed out: each API keeps its own. */
  enter(api) {
    this.account = lastAccount(api);
    this.lastAnswer = null;
    this.#connect(api, new Journal(api.baseUrl));
    this.view.entered();
  }

  /** Changes how the session renews. A client takes that when it is made, so there is a new one; it finds the session stored. */
  choose(change) {
    Object.assign(this.choices, change);
    this.#connect(this.session.api, this.session.journal);
    this.view.changed();
  }

  #connect(api, journal) {
    this.session?.auth.dispose();
    const ask = this.choices.ask ? (request) => askLogin(this, request) : undefined;
    const session = new Session(api, this.choices, journal, ask);
    session.subscribe(() => this.view.changed());
    session.auth.ready().catch((error) => this.session === session && this.fail(error));
    this.session = session;
  }

  login(identifier, password) {
    const { auth, api } = this.session;
    return this.attempt(null, async () => {
      await auth.login({ identifier, password });
      rememberAccount(api, this.account);
    });
  }

  logout = () => this.attempt(null, () => this.session.auth.logout());
  renew = () => this.attempt(null, () => this.session.auth.renew());

  /** One call to a protected endpoint. */
  async call(path) {
    const response = await this.session.auth.fetch(path);
    this.lastAnswer = { path, status: response.status, text: await response.clone().text() };
    this.view.answered();
    return response;
  }

  /** Does what the visitor asked; `done` is written down if it worked, the error if it did not. */
  async attempt(done, action) {
    try {
      await action();
      if (done !== null) this.session.journal.note("you", done);
    } catch (error) {
      this.fail(error);
    }
  }

  /** Shows an error, and says its name. */
  fail = (error) => {
    const name = error instanceof AuthError ? error.code : error.message;
    this.session.journal.note("you", `${error.name}: ${name}`, "bad");
    this.view.failed(error);
    this.view.say(`Error: ${name}`);
    return name;
  };
}
