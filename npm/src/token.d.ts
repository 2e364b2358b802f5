// `src/browser/token.js`, as far as the facade uses it.

/** Header and claims of a token. Throws why it is none. */
export function decode(token: string): [header: Record<string, unknown>, claims: Record<string, unknown>];
