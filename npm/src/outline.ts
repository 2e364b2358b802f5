// A document seen from afar: whether something is in it that few documents have.

/**
 * A line for each member of a document: its name, whether it is an answer's, and its text. Names below those of the API's own say
 * nothing, but for those of functions.
 */
export const outline = (value: unknown, own = true): string =>
  value instanceof Object
    ? Object.entries(value)
        .map(([name, it]) => (own || name[0] === "$" ? `\n${name} ${"means" in value} ${it}` : "") + outline(it, own && (!/^(?:json|form|query|headers)$/.test(name) || !!it?.request)))
        .join("")
    : "";
