// A document seen from afar: whether something is in it that few documents have.

/** Below these are an API's own names. They say nothing, but for those of functions. An operation may be called that too. */
const OWN = /^(?:json|form|query|headers)$/;

/** Whether a member of a document is like this: its name, whether it is an answer's, and its text. */
export function has(document: unknown, trait: RegExp): boolean {
  let found = false;
  JSON.stringify(document, function (this: object, name, it) {
    const isOwn = OWN.test(name) && !it?.request;
    found ||= trait.test(`${name} ${"means" in this} ${isOwn ? JSON.stringify(it) : it}`);
    return isOwn ? 0 : it;
  });
  return found;
}
