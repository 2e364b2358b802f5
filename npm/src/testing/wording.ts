// From a meaning to an answer in the words of a document.

import type { AnswerDocument, DialectDocument } from "../document.js";
import { NARROWED, defaultStatus, errorCode, phrase, reasonStatus, type Meaning, type Reason } from "./meaning.js";
import { fill, type Values } from "./template.js";

/** What is to be said, in no API's words. */
export interface Said {
  readonly means: Meaning;
  /** For `invalid-request`: why. */
  readonly reason?: Reason;
  /** What goes into the answer's holes, such as `detail.attempts_left`. */
  readonly values?: { readonly [name: string]: unknown };
}

/** An answer in an API's words. */
export interface Wording {
  readonly status: number;
  /** JSON; `undefined` for an empty body. */
  readonly json: unknown;
  /** What the document's reader takes it for. */
  readonly means: Meaning;
}

/** What every answer can tell about its request. */
export interface Ambient {
  readonly nowMs: number;
  readonly path: string;
  readonly traceId: string;
}

/** Says it: by the first answer with that meaning and reason, else with the next narrower meaning, else in the default shape. */
export function write(dialect: DialectDocument, operation: string | null, said: Said, ambient: Ambient): Wording {
  const answer = find([...answersOf(dialect, operation), ...(dialect.refusals ?? [])], said.means, said.reason);
  if (!answer) return writeDefault(dialect, said, defaultStatus(said.means, said.reason), ambient);
  const means = answer.means as Meaning;
  const [status = means === "done" && answer.json !== undefined ? 200 : defaultStatus(means, said.reason)] = statuses(answer);
  const values = valuesOf(said, status, means, answer.reason as Reason, ambient);
  return { status, json: answer.json === undefined ? undefined : fill(answer.json, values, named), means };
}

/** Says it in the shape that the document gives to whatever has no wording of its own. */
export function writeDefault(dialect: DialectDocument, said: Said, status: number, ambient: Ambient): Wording {
  const shape = dialect.errors?.json ?? { error: "{error_code}" };
  return { status, json: fill(shape, valuesOf(said, status, said.means, said.reason, ambient), named), means: said.means };
}

// What nobody gave a value for is written as its own name, which is easily found in a failed test.
const named = (name: string) => name;

function answersOf({ login, renew, operations }: DialectDocument, operation: string | null): readonly AnswerDocument[] {
  if (operation === "login") return login.answers;
  if (operation === "renew") return typeof renew === "object" ? renew.answers : [];
  return (operation !== null && operations?.[operation]?.answers) || [];
}

/** The statuses that an answer names, the one that it is written with first. */
const statuses = ({ status = [] }: AnswerDocument): readonly number[] => [status].flat();

function find(answers: readonly AnswerDocument[], means: Meaning | undefined, reason: Reason | undefined): AnswerDocument | undefined {
  if (means === undefined) return undefined;
  const says = answers.filter((it) => it.means === means || it.also?.includes(means));
  const exact = says.find((it) => it.reason === reason);
  const general = says.find((it) => it.reason === undefined && (reason === undefined || statuses(it).includes(reasonStatus(reason))));
  return exact ?? general ?? find(answers, NARROWED[means], reason);
}

function valuesOf(said: Said, status: number, means: Meaning, reason: Reason | undefined, { nowMs, path, traceId }: Ambient): Values {
  const ambient = {
    "now.iso8601_offset": new Date(nowMs).toISOString().replace("Z", "+00:00"),
    "now.epoch_secs": Math.floor(nowMs / 1000),
    "now.epoch_millis": nowMs,
    "request.path": path,
    trace_id: traceId,
    message: phrase(status),
  };
  const own = { status, status_text: phrase(status), error_code: errorCode(means, reason) };
  return new Map(Object.entries({ ...ambient, ...said.values, ...own }));
}
