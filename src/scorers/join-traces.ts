import { stableJson } from "../core/json.ts";
import type { Message } from "../core/message.ts";
import type { Session } from "../core/session-scorer.ts";
import { sumUsage } from "../core/sum-usage.ts";
import type { Cost, Trace } from "../core/trace.ts";

/**
 * A conversation as one trace: what was said once, although most agents record the history again with every run; the steps of all
 * runs, the first request and the last answer. Ids and everything that can be said only once are those of the last trace.
 */
export function joinTraces({ traces }: Pick<Session, "traces">): Trace {
  const [first, ...more] = traces;
  if (more.length === 0) return first;
  const last = traces.at(-1) ?? first;
  const all = <T>(list: (trace: Trace) => readonly T[]): T[] => traces.flatMap(list);
  const agentCalls = all((trace) => trace.agentCalls ?? []);
  const definitions = new Map(all((trace) => trace.toolDefinitions).map((tool) => [tool.name, tool]));
  const startTime = Math.min(...traces.map((trace) => trace.startTime));
  const endTime = Math.max(...traces.map((trace) => trace.endTime));
  const { input: _input, systemInstructions: _instructions, agentCalls: _calls, ...ofLast } = last;
  const input = traces.find((trace) => trace.input !== undefined)?.input;
  const instructions = traces.find((trace) => trace.systemInstructions !== undefined)?.systemInstructions;
  return {
    ...ofLast,
    ...(input !== undefined && { input }),
    ...(instructions !== undefined && { systemInstructions: instructions }),
    ...(agentCalls.length > 0 && { agentCalls }),
    startTime,
    endTime,
    durationMs: endTime - startTime,
    messages: joinMessages(traces.map((trace) => trace.messages)),
    toolDefinitions: [...definitions.values()],
    llmCalls: all((trace) => trace.llmCalls),
    toolCalls: all((trace) => trace.toolCalls),
    retrievals: all((trace) => trace.retrievals),
    memoryOperations: all((trace) => trace.memoryOperations),
    rationales: all((trace) => trace.rationales),
    usage: sumUsage(traces.map((trace) => trace.usage)),
    cost: sumOfCost(traces.map((trace) => trace.cost)),
    errors: all((trace) => trace.errors),
    retries: traces.some((trace) => trace.retries === null)
      ? null
      : traces.reduce((sum, trace) => sum + (trace.retries ?? 0), 0),
    annotations: all((trace) => trace.annotations),
    spans: all((trace) => trace.spans),
  };
}

/** Each list without the beginning that repeats the end of what came before. */
function joinMessages(lists: readonly (readonly Message[])[]): readonly Message[] {
  const joined: Message[] = [];
  const keys: string[] = [];
  for (const messages of lists) {
    const next = messages.map(({ role, parts }) => stableJson([role, parts]));
    let repeated = Math.min(keys.length, next.length);
    while (repeated > 0 && !endsWith(keys, next, repeated)) repeated -= 1;
    joined.push(...messages.slice(repeated));
    keys.push(...next.slice(repeated));
  }
  return joined;
}

function endsWith(keys: readonly string[], next: readonly string[], count: number): boolean {
  const from = keys.length - count;
  for (let index = 0; index < count; index += 1) if (keys[from + index] !== next[index]) return false;
  return true;
}

function sumOfCost(costs: readonly Cost[]): Cost {
  const priced = costs.filter((cost) => cost.usd !== undefined);
  const unpricedModels = [...new Set(costs.flatMap((cost) => cost.unpricedModels))];
  if (priced.length === 0) return { unpricedModels };
  const sources = new Set(priced.map((cost) => cost.source));
  const [source] = sources;
  const pricesAsOf = priced.find((cost) => cost.pricesAsOf !== undefined)?.pricesAsOf;
  return {
    usd: priced.reduce((sum, cost) => sum + (cost.usd ?? 0), 0),
    ...(sources.size > 1 ? { source: "mixed" as const } : source !== undefined && { source }),
    ...(pricesAsOf !== undefined && { pricesAsOf }),
    unpricedModels,
  };
}
