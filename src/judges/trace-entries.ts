import type { JsonValue } from "../core/json.ts";
import { textOf } from "../core/message.ts";
import type { ErrorInfo, LlmCall, MemoryOperation, Retrieval, ToolCall, Trace } from "../core/trace.ts";
import { agentEntries } from "./agent-entries.ts";
import { jsonText } from "./json-text.ts";
import { contextParts, type JudgeContext } from "./judge-context.ts";
import { changesState } from "./state-change.ts";
import type { TraceEntry } from "./trace-entry.ts";

/**
 * The trace as a list of turns and steps in the order in which they happened: what was said, the steps of the context, and every
 * error, but for a context without any steps.
 */
export function traceEntries(trace: Trace, context: JudgeContext): readonly TraceEntry[] {
  const parts = contextParts(context);
  const calls = new Set(parts.has("tools") ? trace.toolCalls : []);
  const said = timesOfAnswers(trace.llmCalls);
  const spoken: TraceEntry[] = [];
  for (const message of trace.messages) {
    const text = message.role === "tool" ? "" : textOf(message);
    if (text.trim() !== "") {
      const at = said.get(text)?.shift() ?? null;
      spoken.push({ ...turn(message.role, text, at), name: message.name ?? "" });
    }
    for (const part of message.parts) {
      if (part.type !== "tool_call") continue;
      const call = find(calls, part.id, part.name);
      if (call === undefined) continue;
      calls.delete(call);
      spoken.push(toolEntry(call));
    }
  }
  if (parts.size === 0) return spoken;
  const rest = [
    ...[...calls].map(toolEntry),
    ...(parts.has("retrievals") ? trace.retrievals.map(retrievalEntry) : []),
    ...(parts.has("memory") ? trace.memoryOperations.map(memoryEntry) : []),
    ...(parts.has("models") ? trace.llmCalls.map(llmEntry) : []),
    ...(parts.has("reasons") ? rationaleEntries(trace) : []),
    ...(parts.has("agents") ? agentEntries(trace) : []),
  ];
  const shown = new Set([...spoken, ...rest].flatMap((entry) => entry.spanIds));
  return mergeByTime(spoken, [...rest, ...errorEntries(trace, shown)]);
}

/** The call a message speaks of: by id, else the first of that name which has no id of its own. */
function find(calls: ReadonlySet<ToolCall>, id: string | undefined, name: string): ToolCall | undefined {
  const named = () => calls.values().find((call) => call.callId === undefined && call.name === name);
  return id === undefined ? named() : (calls.values().find((call) => call.callId === id) ?? named());
}

/** When a model had said a text, Unix ms, oldest first: gives the turns of the agent their place among the steps. */
function timesOfAnswers(calls: readonly LlmCall[]): ReadonlyMap<string, number[]> {
  const times = new Map<string, number[]>();
  for (const call of calls) {
    const time = call.endTime ?? call.startTime;
    const text = (call.output ?? []).map(textOf).join("\n");
    if (time !== undefined && text !== "") times.set(text, [...(times.get(text) ?? []), time]);
  }
  return times;
}

/** Entries with a time go before the first timed entry that began later; the others go to the end. */
function mergeByTime(ordered: readonly TraceEntry[], rest: readonly TraceEntry[]): readonly TraceEntry[] {
  const timed = rest.filter((entry) => entry.startTime !== null).sort((a, b) => at(a) - at(b));
  const merged: TraceEntry[] = [];
  let next = 0;
  for (const entry of ordered) {
    while (entry.startTime !== null && next < timed.length) {
      const candidate = timed[next];
      if (candidate === undefined || at(candidate) > entry.startTime) break;
      merged.push(candidate);
      next += 1;
    }
    merged.push(entry);
  }
  return [...merged, ...timed.slice(next), ...rest.filter((entry) => entry.startTime === null)];
}

function at(entry: TraceEntry): number {
  return entry.startTime ?? 0;
}

function turn(role: string, text: string, startTime: number | null): TraceEntry {
  return {
    kind: role,
    name: "",
    spanIds: [],
    status: null,
    durationMs: null,
    texts: [{ label: "", text }],
    startTime,
  };
}

type Call = ToolCall | Retrieval | MemoryOperation | LlmCall;

function step(
  kind: string,
  name: string,
  call: Call,
  texts: { readonly [label: string]: JsonValue | undefined },
): TraceEntry {
  const error = call.error === null ? undefined : errorText(call.error);
  return {
    kind,
    name,
    spanIds: call.spanId === null ? [] : [call.spanId],
    status: call.error === null ? "ok" : "error",
    durationMs: call.durationMs ?? null,
    texts: Object.entries({ ...texts, error }).flatMap(([label, value]) =>
      value === undefined ? [] : [{ label, text: jsonText(value) }],
    ),
    startTime: call.startTime ?? null,
  };
}

function toolEntry(call: ToolCall): TraceEntry {
  return {
    ...step("tool", call.name, call, { arguments: call.arguments, result: call.result }),
    ...(changesState(call.name) && { changesState: true }),
  };
}

function retrievalEntry(call: Retrieval): TraceEntry {
  const documents = (call.documents ?? []).map((document, index) => [
    `document ${index + 1}`,
    [document.id, document.content].filter((text) => text !== undefined).join(": "),
  ]);
  return step("retrieval", "", call, { query: call.query, ...Object.fromEntries(documents) });
}

function memoryEntry(call: MemoryOperation): TraceEntry {
  return step("memory", call.operation, call, { query: call.query, records: call.records });
}

function llmEntry(call: LlmCall): TraceEntry {
  return step("llm", call.model ?? "", call, { finished: call.finishReason });
}

function rationaleEntries(trace: Trace): readonly TraceEntry[] {
  const starts = new Map(trace.spans.map((span) => [span.spanId, span.startTime]));
  return trace.rationales.map((rationale) => ({
    ...turn("reason", rationale.text, starts.get(rationale.spanId) ?? null),
    spanIds: [rationale.spanId],
  }));
}

/** Faults of spans that no other entry shows. */
function errorEntries(trace: Trace, shown: ReadonlySet<string>): readonly TraceEntry[] {
  const spans = new Map(trace.spans.map((span) => [span.spanId, span]));
  return trace.errors
    .filter((error) => !shown.has(error.spanId))
    .map((error) => {
      const span = spans.get(error.spanId);
      return {
        kind: span?.type ?? "span",
        name: span?.name ?? "",
        spanIds: [error.spanId],
        status: "error",
        durationMs: span?.durationMs ?? null,
        texts: [{ label: "error", text: errorText(error) }],
        startTime: span?.startTime ?? null,
      } as const;
    });
}

function errorText(error: ErrorInfo): string {
  return error.message === undefined ? error.type : `${error.type}: ${error.message}`;
}
