import type { Config } from "../config/schema.ts";
import type { Store } from "../core/store.ts";
import type { Trace } from "../core/trace.ts";
import { readStored } from "./stored-traces.ts";

/** Those of some traces whose spans are still there, in the order given. The others are passed over. */
export async function* keptTraces(
  config: Config,
  store: Pick<Store, "trace">,
  traceIds: Iterable<string>,
  signal: AbortSignal,
): AsyncGenerator<Trace> {
  for (const traceId of traceIds) {
    signal.throwIfAborted();
    const stored = await store.trace(traceId);
    if (stored?.payload) yield readStored(stored, stored.payload, config).trace;
  }
}
