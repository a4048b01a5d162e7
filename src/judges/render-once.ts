import { stableJson } from "../core/json.ts";
import type { Trace } from "../core/trace.ts";
import { type RenderedTrace, type RenderOptions, renderTrace, type TooLarge } from "./render-trace.ts";

/** The records of traces that are still in use, by what they show. */
const records = new WeakMap<Trace, Map<string, RenderedTrace | TooLarge>>();

/** {@link renderTrace}, once for all judges that are shown the same of a trace. */
export function renderOnce(trace: Trace, options: RenderOptions): RenderedTrace | TooLarge {
  const known = records.get(trace) ?? new Map<string, RenderedTrace | TooLarge>();
  records.set(trace, known);
  const key = stableJson(options);
  const rendered = known.get(key) ?? renderTrace(trace, options);
  known.set(key, rendered);
  return rendered;
}
