// Who somebody is, from what five different APIs say about it.

const NAMES = ["nombreCompleto", "Nombre", "nombre", "username", "email"];

/** A name to show, from the user object or the unverified claims; `null` if neither has one. */
export function nameOf({ user, claims }) {
  for (const name of NAMES) if (typeof user?.[name] === "string") return user[name];
  const claimed = claims?.username ?? claims?.sub;
  return typeof claimed === "string" && !/^[0-9a-f-]{36}$/.test(claimed) ? claimed : null;
}
