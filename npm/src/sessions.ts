// The sessions of this program, by number, for the wasm to call. What one that is disposed of still says is not heard.

import type { Runtime } from "./runtime.js";
import type { Tell } from "./wire.js";

/** A session as the wasm sees it. */
export interface Host {
  /** Hears what the session tells. Never throws. */
  told(what: Tell, message: string): void;
  readonly runtime: Runtime;
}

export const sessions = new Map<number, Host>();

export const told = (session: number, what: Tell, message: string): void => sessions.get(session)?.told(what, message);

export const obey = (session: number, command: number, message: string): void => sessions.get(session)?.runtime.obey(command, message);
