import type { Case } from "../../src/core/case.ts";
import { countHistory } from "../../src/core/count-history.ts";
import type {
  History,
  HistoryTrial,
  SpanCapture,
  Task,
  TaskOutput,
  TrialSetting,
} from "../../src/core/run.ts";
import type { Score, UnscoredCode } from "../../src/core/score.ts";
import type { Subject } from "../../src/core/scorer.ts";
import type { Trace } from "../../src/core/trace.ts";

/** A capture without a network: what the task puts in under an endpoint is collected. */
export function memoryCapture(): SpanCapture & { put(endpoint: string, chunk: Uint8Array): void } {
  const open = new Map<string, Uint8Array[]>();
  return {
    open(trialId) {
      if (open.has(trialId)) throw new Error(`${trialId} is open already`);
      open.set(trialId, []);
      return { endpoint: `memory:${trialId}` };
    },
    put(endpoint, chunk) {
      open.get(endpoint.replace("memory:", ""))?.push(chunk);
    },
    async collect(trialId, { signal }) {
      const chunks = open.get(trialId) ?? [];
      open.delete(trialId);
      signal.throwIfAborted();
      return chunks;
    },
    async close() {
      if (open.size > 0) throw new Error(`never collected: ${[...open.keys()].join(", ")}`);
    },
  };
}

/** An agent that is a function. */
export function agent(
  run: (one: Case, setting: TrialSetting) => string | TaskOutput | Promise<TaskOutput>,
): Task {
  return {
    kind: "module",
    description: "agent.ts",
    identity: "module agent.ts",
    async run(one, setting) {
      const output = await run(one, setting);
      return typeof output === "string" ? { answer: output } : output;
    },
    close: async () => {},
  };
}

/** Traces travel through {@link memoryCapture} as JSON. */
export function encodeTrace(trace: Trace): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(trace));
}

/** The reverse of {@link encodeTrace}. */
export function decodeTrace([chunk]: readonly Uint8Array[]): Trace | null {
  return chunk ? JSON.parse(new TextDecoder().decode(chunk)) : null;
}

/** A score of a rule: 1 or 0, or unscored with a code. */
export function ruleScore(
  name: string,
  outcome: boolean | UnscoredCode,
  explanation: string | null = null,
): Score {
  const scored = typeof outcome === "boolean";
  return {
    name,
    version: "1",
    kind: "rule",
    value: scored ? Number(outcome) : null,
    label: null,
    explanation,
    evidence: [],
    unscored: scored ? null : { code: outcome },
    passAt: 0.5,
    metadata: {},
  };
}

/** Passes an answer that begins with `good`. */
export async function evaluateAnswer({ trace }: Subject): Promise<readonly Score[]> {
  const good = trace.output?.startsWith("good") ?? false;
  return [ruleScore("right", good, good ? null : `The answer was "${trace.output}".`)];
}

/** A history in memory, and everything that was recorded. */
export function memoryHistory(): History & { readonly trials: HistoryTrial[] } {
  const trials: HistoryTrial[] = [];
  return {
    trials,
    async entries(keys) {
      const groups = Map.groupBy(trials, ({ key }) => key);
      return keys.flatMap((key) => {
        const group = groups.get(key);
        const [first] = group ?? [];
        return group && first
          ? [{ caseId: first.caseId, scorer: first.scorer, key, ...countHistory(group) }]
          : [];
      });
    },
    async record(more) {
      trials.push(...more);
    },
  };
}

/** Seeded random numbers, 0 to 1 (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
