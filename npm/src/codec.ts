// What is rare in requests and answers: functions, and bodies that are neither JSON nor forms. A chunk of its own, loaded only for a
// document that needs it. Functions are made, and texts are taken apart, along the document's own templates: a value that came from
// elsewhere and looks like a function stays a value.

import { checkHeader, element } from "./codec/element.js";
import { answer } from "./codec/answer.js";
import { maker, type Fail, type Plugins, type Sent } from "./codec/functions.js";
import { answersOf, requestsOf } from "./codec/places.js";
import { withBody, type Parts } from "./codec/body.js";
import type { AuthError, Problem } from "./error.js";
import type { Attached } from "./wire.js";
import type { DialectDocument } from "./document.js";

/** What the rest of the package asks of this chunk. */
export interface Codec {
  /** The parts of a request with all functions made, and with its body, if it has one of the rarer kinds. */
  parts(operation: string, parts: Parts, signal: AbortSignal): Promise<Parts>;
  /**
   * An element of what goes along with a request, with all functions made, which see what those before it have made of the request.
   * Nothing is left of one that is not there, and of one that belongs into the query or the body, where it is put.
   */
  element(element: Attached, request: Sent, signal?: AbortSignal | null): Promise<Attached>;
  /** The parts of an answer, with what else the templates want of its body. Without an operation it is one to a call of the app's. */
  answer(operation: string | undefined, parts: Parts, text: string | undefined): Parts;
  /** Whether a request could not be made because of what this threw, which is kept. */
  failed(error: unknown): boolean;
  /** What was kept, if it is this problem. */
  errorOf(problem: Problem): AuthError | undefined;
}

/** The codec of a document. It is given the package's class of errors, since this chunk has none in common with it. */
export function codec(document: DialectDocument, plugins: () => Plugins | undefined, Fault: typeof AuthError): Codec {
  const faults = new WeakSet<object>();
  let fault: AuthError | undefined;
  const fail: Fail = (code, argument, cause) => {
    const error = new Fault({ code, details: { argument } }, cause);
    faults.add(error);
    return error;
  };
  return {
    async parts(operation, parts, signal) {
      const made = (await maker(plugins, fail, signal).value(parts, requestsOf(document, operation))) as Parts;
      for (const [name, value] of Object.entries(made.headers ?? {})) checkHeader(name, value, fail);
      return withBody(made, fail);
    },
    element: (given, request, signal) => element(document, given, request, maker(plugins, fail, signal, request), fail),
    answer: (operation, parts, text) => answer(answersOf(document, operation), parts, text),
    failed: (error) => {
      const own = faults.has(error as object);
      if (own) fault = error as AuthError;
      return own;
    },
    errorOf: ({ code }) => (code === "plugin-failed" ? fault : undefined),
  };
}
