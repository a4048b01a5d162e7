import type { JsonObject } from "../core/json.ts";

/** One event of a `text/event-stream`. */
export interface ServerSentEvent {
  /** Event name; OpenAI Chat Completions has none. */
  readonly event?: string;
  readonly data: JsonObject | "[DONE]";
}

/** The event as bytes-to-be (WHATWG HTML, section 9.2). */
export function encodeEvent({ event, data }: ServerSentEvent): string {
  const text = data === "[DONE]" ? data : JSON.stringify(data);
  return `${event === undefined ? "" : `event: ${event}\n`}data: ${text}\n\n`;
}

/** The text in pieces of at most `size` characters, as a model would stream it; never splits a code point. */
export function pieces(text: string, size = 24): readonly string[] {
  const points = Array.from(text);
  const count = Math.ceil(points.length / size);
  return Array.from({ length: count }, (_, index) => points.slice(index * size, (index + 1) * size).join(""));
}
