import { isObject, type JsonValue, parseJson } from "../../../src/core/json.ts";
import type { Span } from "../../../src/core/span.ts";

/** One value somewhere in what was sent, and the way to it. */
export interface Leaf {
  readonly path: string;
  readonly value: string | number | boolean;
}

/** JSON within JSON that is opened: requests hold messages that hold arguments. */
const DEPTH = 5;

/**
 * Every value in the spans, as far down as JSON goes: attributes, events, names and statuses. Texts that are
 * JSON are there as a whole and opened. What is not among the leaves was not sent.
 */
export function leavesOf(spans: readonly Span[]): readonly Leaf[] {
  return spans.flatMap(({ name, status, attributes, events, resource }) => [
    { path: "span.name", value: name },
    ...(status.message === undefined ? [] : [{ path: "status.message", value: status.message }]),
    ...below("", { ...attributes }, DEPTH),
    ...below("resource", { ...resource }, 1),
    ...events.flatMap((event) => [
      { path: "event.name", value: event.name },
      ...below(`event.${event.name}`, { ...event.attributes }, DEPTH),
    ]),
  ]);
}

function below(path: string, value: JsonValue, depth: number): Leaf[] {
  if (value === null) return [];
  if (typeof value === "string") {
    const opened = depth > 0 && /^\s*[[{"]/.test(value) ? parseJson(value) : undefined;
    return [{ path, value }, ...(opened === undefined ? [] : below(path, opened, depth - 1))];
  }
  if (typeof value !== "object") return [{ path, value }];
  const entries: readonly (readonly [string, JsonValue])[] = isObject(value)
    ? Object.entries(value)
    : value.map((item, index) => [String(index), item]);
  return entries.flatMap(([key, item]) => below(path === "" ? key : `${path}.${key}`, item, depth));
}
