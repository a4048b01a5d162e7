import type { TraceSummary } from "../core/store.ts";
import type { Trace } from "../core/trace.ts";

/** What the store keeps of a trace for ever. `scoredAt`: Unix ms. */
export function summarize(trace: Trace, scoredAt: number): TraceSummary {
  return {
    traceId: trace.traceId,
    revision: trace.revision,
    completion: trace.completion ?? null,
    rootSpanId: trace.rootSpanId,
    name: trace.name,
    service: trace.service.name ?? null,
    agent: trace.agent.name ?? null,
    agentVersion: trace.agent.version ?? null,
    sessionId: trace.sessionId ?? null,
    userId: trace.userId ?? null,
    startTime: trace.startTime,
    durationMs: trace.durationMs,
    spans: trace.spans.length,
    inputTokens: trace.usage.inputTokens ?? null,
    outputTokens: trace.usage.outputTokens ?? null,
    costUsd: trace.cost.usd ?? null,
    errors: trace.errors.length,
    scoredAt,
  };
}
