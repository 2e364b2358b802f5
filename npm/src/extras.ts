// What the full engine brings along for a document: the codec, if it has functions or bodies of the rarer kinds, and what becomes of the
// answers to calls.

import type { Codec } from "./codec.js";
import type { Parts } from "./codec/body.js";
import type { DialectDocument } from "./document.js";
import type { Engine, Judge } from "./engine.js";
import { has } from "./traits.js";
import { partsOf } from "./runtime.js";
import { Ask, type Grant, type Observed } from "./wire.js";

/** As much of an answer to a call as is looked at. */
const MOST = 65_536;

/** What may come in pieces for ever, and is no refusal. */
const STREAM = /^(?:audio|video|image)|octet-stream|event-stream|ndjson/;

/** What the codec is needed for. */
const CODED = /^(?:(?:text|xml|multipart|body|\$(?!schema )\S+) |query \w+ ")|"\$/;

export const extras: NonNullable<Engine["extras"]> = async (document, plugins, Fault) => {
  const codec = has(document, CODED) ? (await import("./codec.js")).codec(document, plugins, Fault) : undefined;
  return { codec, judge: judge(document, codec) };
};

/** Some refusals come with any status, and some answers bring tokens. */
function judge({ refusals, observe }: DialectDocument, codec: Codec | undefined): Judge {
  const statuses = refusals?.map((it) => it.status) ?? [401];
  return async (look, response, grant) => {
    const { status } = response;
    const ends = !STREAM.test(response.headers.get("content-type") ?? "");
    const judged = statuses.some((it) => (it === undefined ? ends : [it].flat().includes(status)));
    if (!judged && !observe) return undefined;
    const parts = await partsOf(ends ? response.clone() : response, ends ? MOST : 0, undefined, codec);
    if (observe) look(Ask.Observed, status, ...observed(grant, parts));
    return judged ? (look(Ask.Judge, status, parts) as string | undefined) : undefined;
  };
}

const observed = ({ login, generation, context }: Grant, parts: Parts): Observed => [login, generation, context, Date.parse(String(parts.headers?.["date"])) || undefined, parts];
