// As much of a page as makes a client take Node for one: a server lets nobody log in unless the session is kept in memory. Where there is
// a page, real or jsdom's, none of this is needed.

import { replace } from "./replace.js";
import { memoryStorage, type MemoryStorage } from "./storage.js";

/** A page without anything to see. */
export interface Page {
  readonly localStorage: MemoryStorage;
  readonly sessionStorage: MemoryStorage;
  /** Takes the page to the background. */
  hide(): void;
  /** Brings it back: clients look at their session again. */
  show(): void;
  /** Gives the platform its own globals back. */
  uninstall(): void;
}

/** Puts a page in the place of nothing. @throws if there is one */
export function installPage(given: Partial<Pick<Page, "localStorage" | "sessionStorage">> = {}): Page {
  const { localStorage = memoryStorage(), sessionStorage = memoryStorage() } = given;
  if ("document" in globalThis) throw new Error("installPage: there is a page already");
  const window = new EventTarget();
  const document = Object.assign(new EventTarget(), { visibilityState: "visible", hidden: false });
  const events = Object.fromEntries((["addEventListener", "removeEventListener", "dispatchEvent"] as const).map((name) => [name, window[name].bind(window)]));
  const restore = Object.entries({ document, localStorage, sessionStorage, ...events }).map(([name, it]) => replace(globalThis, name, it));
  const turn = (visibilityState: "visible" | "hidden") => {
    Object.assign(document, { visibilityState, hidden: visibilityState === "hidden" });
    // It bubbles, in a page.
    for (const target of [document, window]) target.dispatchEvent(new Event("visibilitychange"));
  };
  return {
    localStorage,
    sessionStorage,
    hide: () => turn("hidden"),
    show: () => turn("visible"),
    uninstall: () => {
      for (const it of restore.splice(0)) it();
    },
  };
}
