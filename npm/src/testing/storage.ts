// A store in memory that can fail as a browser's does.

import type { StorageAdapter } from "../types.js";

/** A store with switches. It fits the option `storage`, and the place of `localStorage`. */
export interface MemoryStorage extends StorageAdapter {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
  /** Forgets everything, as a user who clears site data does. */
  clear(): void;
  key(index: number): string | null;
  readonly length: number;
  /** Whether writing fails with `QuotaExceededError`. */
  full: boolean;
  /** Whether reading and writing fail with `SecurityError`, as where the user blocks storage. */
  blocked: boolean;
  /** Breaks off every text in its middle, as a crash in mid-write does. */
  corrupt(): void;
}

/** A store in memory, empty, or with what another one was told to hold. */
export function memoryStorage(held: Iterable<readonly [key: string, text: string]> = []): MemoryStorage {
  const kept = new Map(held);
  const open = () => {
    if (store.blocked) throw new DOMException("Storage is blocked.", "SecurityError");
    return kept;
  };
  const store: MemoryStorage = {
    full: false,
    blocked: false,
    getItem: (key) => open().get(String(key)) ?? null,
    setItem: (key, value) => {
      open();
      if (store.full) throw new DOMException("Storage is full.", "QuotaExceededError");
      kept.set(String(key), String(value));
    },
    removeItem: (key) => void open().delete(String(key)),
    clear: () => open().clear(),
    key: (index) => [...open().keys()][index] ?? null,
    get length() {
      return open().size;
    },
    corrupt: () => {
      for (const [key, text] of kept) kept.set(key, text.slice(0, text.length / 2));
    },
  };
  return store;
}
