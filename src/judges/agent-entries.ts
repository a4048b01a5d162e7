import type { Trace } from "../core/trace.ts";
import type { TraceEntry } from "./trace-entry.ts";

/** What was passed on from agent to agent: an entry for each call of one, and one for each answer, at their times. */
export function agentEntries({ agentCalls = [] }: Trace): readonly TraceEntry[] {
  return agentCalls.flatMap((call) => {
    const { name, spanId, error, startTime = null, endTime = null, durationMs = null } = call;
    const failed = error === null ? [] : [{ label: "error", text: `${error.type}: ${error.message ?? ""}` }];
    const entry = { name, spanIds: [spanId], durationMs };
    const status = error === null ? "ok" : "error";
    const by = call.agent === undefined || call.agent === name ? "" : ` by ${call.agent}`;
    return [
      {
        ...entry,
        kind: `agent called${by}`,
        status,
        startTime,
        texts: [...(call.given === undefined ? [] : [{ label: "given", text: call.given }]), ...failed],
      } as const,
      ...(call.returned === undefined
        ? []
        : [
            {
              ...entry,
              kind: "agent returned",
              status: "ok",
              startTime: endTime,
              texts: [{ label: "", text: call.returned }],
            } as const,
          ]),
    ];
  });
}
