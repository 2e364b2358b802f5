// Tokens that can be read, and that nobody should trust.

const base64url = (text: string): string =>
  btoa(String.fromCharCode(...new TextEncoder().encode(text))).replace(/[+/=]/g, (it) => ({ "+": "-", "/": "_" })[it] ?? "");

// No key: nothing verifies it, and WebCrypto would make every login wait for a thread that no clock of ours moves.
const SIGNATURE = base64url("made up by relatch/testing, sign nothing with it");

/** A JWT with that header and those claims. Its signature is made up. */
export const jwt = (header: object, claims: object): string => [JSON.stringify(header), JSON.stringify(claims)].map(base64url).join(".") + `.${SIGNATURE}`;
