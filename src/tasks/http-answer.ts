import type { IncomingHttpHeaders } from "node:http";

import { isObject, type JsonValue, parseJson } from "../core/json.ts";

/** What a service answered, for {@link HttpTaskOptions.answer}. */
export interface HttpAnswer {
  /** 2xx. */
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body as JSON; undefined when it is none. */
  readonly json: JsonValue | undefined;
  /** The events of a `text/event-stream`; none for another type. */
  readonly events: readonly ServerSentEvent[];
}

/** One event of a stream. */
export interface ServerSentEvent {
  /** `message` unless the stream names it. */
  readonly event: string;
  readonly data: string;
}

/** A response as it is given to `answer`. */
export function readHttpAnswer(response: Omit<HttpAnswer, "json" | "events">): HttpAnswer {
  const isStream = /^text\/event-stream\b/i.test(response.headers["content-type"] ?? "");
  return {
    ...response,
    json: isStream ? undefined : parseJson(response.text),
    events: isStream ? readEvents(response.text) : [],
  };
}

/** Where services usually put their answer. */
const FIELDS = ["answer", "output", "response", "reply", "text", "content", "message"];

/**
 * The answer where none is configured: a JSON text; of an object the first of the fields `answer`, `output`, `response`, `reply`, `text`,
 * `content` and `message` that is a text or holds one in its `content`; the message of an OpenAI chat completion; a plain text as it is.
 * Of a stream the text of chat completion chunks, else the answer in its last event that has one.
 */
export function usualAnswer({ headers, text, json, events }: HttpAnswer): string | undefined {
  if (events.length > 0) return answerInEvents(events);
  if (json !== undefined) return answerIn(json);
  const isText = /^text\/plain\b/i.test(headers["content-type"] ?? "");
  return isText && text.trim() !== "" ? text.trim() : undefined;
}

function answerIn(value: JsonValue | undefined): string | undefined {
  if (typeof value === "string") return value;
  if (!isObject(value)) return undefined;
  for (const name of FIELDS) {
    const field = value[name];
    if (typeof field === "string") return field;
    if (isObject(field) && typeof field.content === "string") return field.content;
  }
  return answerIn(firstChoice(value)?.message);
}

function answerInEvents(events: readonly ServerSentEvent[]): string | undefined {
  const values = events.map(({ data }) => parseJson(data));
  const pieces = values.flatMap((value) => {
    const delta = isObject(value) ? firstChoice(value)?.delta : undefined;
    return isObject(delta) && typeof delta.content === "string" ? [delta.content] : [];
  });
  if (pieces.length > 0) return pieces.join("");
  return values.map(answerIn).findLast((answer) => answer !== undefined);
}

function firstChoice(value: { readonly [key: string]: JsonValue }) {
  const first = Array.isArray(value.choices) ? value.choices[0] : undefined;
  return isObject(first) ? first : undefined;
}

/** The events of a stream, by the HTML standard's section "Interpreting an event stream"; ids and retry times are left out. */
function readEvents(text: string): readonly ServerSentEvent[] {
  return text.split(/(?:\r\n|\r|\n){2}/).flatMap((block) => {
    let event = "message";
    const data: string[] = [];
    for (const line of block.split(/\r\n|\r|\n/)) {
      const [, field, value = ""] = /^(event|data)(?:: ?(.*))?$/.exec(line) ?? [];
      if (field === "event") event = value;
      if (field === "data") data.push(value);
    }
    return data.length === 0 ? [] : [{ event, data: data.join("\n") }];
  });
}
