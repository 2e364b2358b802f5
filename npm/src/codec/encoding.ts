// Base64 and hexadecimal. Written in one form, read leniently: what an API wrote need not be canonical.

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

export const utf8 = (text: string): Uint8Array => encoder.encode(text);

export const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

// Character by character: a call with a whole body as its arguments would use up the stack.
export const base64 = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));

/** Without padding, as tokens have it (RFC 7515 section 2). */
export const base64url = (bytes: Uint8Array): string => base64(bytes).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");

/** The text that is encoded in it. Throws if there is none. */
export const fromBase64 = (text: string): string => decoder.decode(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));

export const fromBase64url = (text: string): string => fromBase64(text.replace(/-/g, "+").replace(/_/g, "/"));
