// The sessions of this program, by number, for the wasm to call. What one that is disposed of still says is not heard.

import type { Tell } from "./wire.js";

/** A session as the wasm sees it. */
export interface Host {
  /** Hears what the session tells. Never throws. */
  told(what: Tell, message: string): void;
  /** Does what the wasm wants of its platform. */
  obey(command: number, message: string): void;
}

export const sessions = new Map<number, Host>();
