import type { Config } from "../config/schema.ts";
import { type ReadTraceOptions, readTrace } from "../conventions/read-trace.ts";
import type { Span } from "../core/span.ts";
import type { Trace } from "../core/trace.ts";

/** Reads traces with the attribute names that the configuration adds. */
export function traceReader({
  conventions: { names },
}: Pick<Config, "conventions">): (spans: readonly Span[], options?: ReadTraceOptions) => Trace {
  return names ? (spans, options) => readTrace(spans, { names, ...options }) : readTrace;
}
