// Taking the place of what a platform has, for a while.

/** Replaces a property. Returns what puts it back. */
export function replace(target: object, name: string, value: unknown): () => void {
  const own = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, { configurable: true, writable: true, enumerable: own?.enumerable ?? false, value });
  return () => void (own ? Object.defineProperty(target, name, own) : Reflect.deleteProperty(target, name));
}
