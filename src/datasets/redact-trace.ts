import { isObject } from "../core/json.ts";
import type { Trace } from "../core/trace.ts";
import type { Redactor } from "./redact.ts";

/** What is a hash or a name of ours in every trace: no rule finds anything there, and a reference must not break. */
const LEFT_ALONE = new Set([
  "schema",
  "traceId",
  "spanId",
  "parentSpanId",
  "rootSpanId",
  "spanIds",
  "callId",
  "responseId",
]);

/** A trace with its texts redacted. The same object where there is nothing to redact. */
export function redactTrace(trace: Trace, redactor: Redactor): Trace {
  // Every text becomes a text and nothing else changes, so the type stays.
  return rewrite(trace, "", redactor) as Trace;
}

function rewrite(value: unknown, key: string, redactor: Redactor): unknown {
  if (typeof value === "string") return redactor.redactText(value, key);
  if (Array.isArray(value)) {
    const inner = value.map((one) => rewrite(one, key, redactor));
    return inner.every((one, index) => one === value[index]) ? value : inner;
  }
  if (!isObject(value)) return value;
  const before = Object.entries(value);
  const after = before.map(([name, inner]): [string, unknown] =>
    LEFT_ALONE.has(name) ? [name, inner] : [name, rewrite(inner, name, redactor)],
  );
  return after.every(([, inner], index) => inner === before[index]?.[1]) ? value : Object.fromEntries(after);
}
