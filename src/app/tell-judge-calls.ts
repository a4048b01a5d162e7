import type { Sink } from "../core/sink.ts";
import type { JudgeCall } from "../pipeline/audit-judge.ts";
import { judgeCallSpans } from "../pipeline/judge-call-span.ts";
import { version } from "./version.ts";

/** Sends what judges were asked and answered to the sinks that take it. */
export interface JudgeCallTeller {
  /** Queues one call; never waits. */
  tell(call: JudgeCall): void;
  /** Sends what is queued, within about this time. */
  stop(graceMs: number): Promise<void>;
}

const AT_ONCE = 50;
const FLUSH_MS = 1_000;
/** Prompts reach 100 KB each, so this is at most some 50 MB while a sink is away. */
const MOST_QUEUED = 500;

/**
 * Tells sinks of judge calls in batches. They are for looking at, not what is owed: while a sink is away the oldest are dropped and
 * counted, for scores must not wait for them.
 */
export function tellJudgeCalls(sinks: readonly Sink[], onFault: (error: unknown) => void): JudgeCallTeller {
  const takers = sinks.filter((sink) => sink.judgeCalls !== undefined);
  const abort = new AbortController();
  let queue: JudgeCall[] = [];
  let dropped = 0;
  let sending: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  const send = async () => {
    while (queue.length > 0 && !abort.signal.aborted) {
      const batch = queue.slice(0, AT_ONCE);
      queue = queue.slice(AT_ONCE);
      const spans = judgeCallSpans(batch, version());
      const results = await Promise.allSettled(takers.map((sink) => sink.judgeCalls?.(spans, abort.signal)));
      for (const result of results) if (result.status === "rejected") onFault(result.reason);
    }
    if (dropped > 0) onFault(new Error(`${dropped} judge calls were not told: the sinks were too slow`));
    dropped = 0;
  };
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    sending ??= send().finally(() => {
      sending = undefined;
    });
    return sending;
  };
  return {
    tell(call) {
      if (takers.length === 0) return;
      if (queue.length >= MOST_QUEUED) {
        queue.shift();
        dropped += 1;
      }
      queue.push(call);
      if (queue.length >= AT_ONCE) void flush();
      else timer ??= setTimeout(() => void flush(), FLUSH_MS);
    },
    async stop(graceMs) {
      const cut = setTimeout(() => abort.abort(), graceMs);
      await flush();
      await sending;
      clearTimeout(cut);
    },
  };
}
