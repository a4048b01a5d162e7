import type { Config } from "../config/schema.ts";
import { systemClock } from "../core/clock.ts";
import { TracegateError } from "../core/errors.ts";
import type { Score } from "../core/score.ts";
import type { Store, TraceSummary } from "../core/store.ts";
import type { Trace } from "../core/trace.ts";
import { ASSUMED_OUTPUT, type OutputTokens } from "../pipeline/plan-experience.ts";
import { inSeededOrder } from "../pipeline/seeded-order.ts";
import type { Environment } from "./equipment.ts";
import { openState } from "./open-state.ts";
import { readTraces } from "./read-traces.ts";
import { readStored } from "./stored-traces.ts";

/** Options of a plan. */
export interface PlanOptions {
  readonly cwd: string;
  readonly environment: Environment;
  readonly signal: AbortSignal;
  /** OTLP files; none: the traces in the store. */
  readonly files: readonly string[];
  /** Stored traces that began in the last so many days. Default 7. */
  readonly days?: number;
  /** So many of them are looked at. Default 200. */
  readonly sample?: number;
  /** Told of what cannot be read. */
  readonly onProblem: (problem: string) => void;
}

/** A trace whose judging is planned. */
export interface PlanSubject {
  readonly trace: Trace;
  /** Null: it is not stored. */
  readonly scores: readonly Score[] | null;
  /** The chance that judges see it, 0..1; null: to be worked out from the configuration. */
  readonly chance: number | null;
}

/** Where the traces of a plan come from, and what is known of their like. */
export interface PlanSource {
  readonly subjects: AsyncIterable<PlanSubject>;
  /** How many there are; null: as many as come. */
  readonly traces: number | null;
  readonly days: number | null;
  readonly perDay: number | null;
  /** Share of all traces that judges see, when those of which it was not decided have this chance on average. */
  judgedShare(meanChance: number): number;
  outputTokens(scorer: string): Promise<OutputTokens>;
  close(): Promise<void>;
}

const DAY_MS = 86_400_000;

/** All traces of OTLP files. */
export function filedTraces(config: Config, { files, onProblem, signal }: PlanOptions): PlanSource {
  const { names } = config.conventions;
  async function* subjects(): AsyncGenerator<PlanSubject> {
    for await (const trace of readTraces({ files, onProblem, signal, names })) {
      yield { trace, scores: null, chance: null };
    }
  }
  return {
    subjects: subjects(),
    traces: null,
    days: null,
    perDay: null,
    judgedShare: (meanChance) => meanChance,
    outputTokens: async () => ASSUMED_OUTPUT,
    close: async () => {},
  };
}

/**
 * Some of the traces in the store that judges see, picked by a hash of their ids.
 *
 * @throws TracegateError `not-found` when none is stored of those days.
 */
export async function storedSample(config: Config, options: PlanOptions): Promise<PlanSource> {
  const { days = 7, sample = 200 } = options;
  const now = systemClock.now();
  const state = await openState(config, options);
  const { store } = state;
  const summaries = await store.list({ since: now - days * DAY_MS, limit: Number.MAX_SAFE_INTEGER });
  const [oldest] = summaries;
  if (oldest === undefined) {
    await state.close();
    throw new TracegateError(
      "not-found",
      `No stored trace began in the last ${days} days. Give more --days.`,
    );
  }
  const all = config.sampling === false || config.sampling === 1;
  const chances = new Map(summaries.map((summary) => [summary.traceId, all ? 1 : drawn(summary)]));
  const seen = [...chances].flatMap(([traceId, chance]) => (chance === 0 ? [] : [traceId]));
  const undrawn = [...chances.values()].filter((chance) => chance === null).length;
  const certain = [...chances.values()].filter((chance) => chance === 1).length;
  async function* subjects(): AsyncGenerator<PlanSubject> {
    let left = sample;
    for (const traceId of inSeededOrder(seen, "judge plan")) {
      if (left === 0) return;
      const stored = await store.trace(traceId);
      if (!stored?.payload) continue;
      left -= 1;
      const { trace } = readStored(stored, stored.payload, config);
      yield { trace, scores: stored.scores, chance: chances.get(traceId) ?? null };
    }
  }
  return {
    subjects: subjects(),
    traces: summaries.length,
    days,
    perDay: summaries.length / Math.min(days, Math.max(1, (now - oldest.startTime) / DAY_MS)),
    judgedShare: (meanChance) => (certain + undrawn * meanChance) / summaries.length,
    outputTokens: (scorer) => outputTokens(store, scorer),
    close: () => state.close(),
  };
}

/** Judges see it, or do not; null: nobody drew. */
function drawn({ sampling }: TraceSummary): number | null {
  return sampling === undefined ? null : Number(sampling.sampled);
}

async function outputTokens(store: Pick<Store, "meanCost">, scorer: string): Promise<OutputTokens> {
  const mean = await store.meanCost(scorer);
  return mean === null ? ASSUMED_OUTPUT : { tokens: mean.outputTokens, answers: mean.answers };
}
