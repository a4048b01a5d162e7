import type { MeanCost, Pause, Store } from "../core/store.ts";

/** A paused scorer, and what it would take to make up for the traces it left. */
export interface PausedScorer extends Pause {
  /** Traces that wait for it. */
  readonly traces: number;
  readonly estimate: BackfillEstimate;
}

/** What judging the waiting traces will cost, from the scorer's answers so far. Null: nothing is known yet. */
export interface BackfillEstimate {
  /** USD. */
  readonly usd: number | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  /** How many answers the means are over. */
  readonly answers: number;
}

/** All scorers that are paused, the longest one first. */
export async function pausedScorers(
  store: Pick<Store, "pauses" | "openDecisions" | "meanCost">,
): Promise<readonly PausedScorer[]> {
  const [pauses, open] = await Promise.all([store.pauses(), store.openDecisions()]);
  const paused = await Promise.all(
    pauses.map(async (pause) => {
      const rows = open.filter(({ scorer, state }) => scorer === pause.scorer && state === "paused");
      const traces = rows.reduce((sum, row) => sum + row.rows, 0);
      return { ...pause, traces, estimate: estimateOf(traces, await store.meanCost(pause.scorer)) };
    }),
  );
  return paused.toSorted((a, b) => a.at - b.at);
}

/** Traces times means. An upper bound where some of them turn out not to concern the scorer, or are remembered. */
export function estimateOf(traces: number, mean: MeanCost | null): BackfillEstimate {
  if (traces === 0) return { usd: 0, inputTokens: 0, outputTokens: 0, answers: mean?.answers ?? 0 };
  if (mean === null) return { usd: null, inputTokens: null, outputTokens: null, answers: 0 };
  return {
    usd: mean.usd === null ? null : traces * mean.usd,
    inputTokens: Math.round(traces * mean.inputTokens),
    outputTokens: Math.round(traces * mean.outputTokens),
    answers: mean.answers,
  };
}

/**
 * Lets a scorer be asked again; the traces it left are due at once, as fast as the workers and the limits allow.
 *
 * @param at Unix ms.
 * @returns How many traces are made up for.
 */
export async function resumeScorer(
  store: Pick<Store, "unpause" | "resumePaused">,
  scorer: string,
  at: number,
): Promise<number> {
  await store.unpause(scorer);
  return store.resumePaused(scorer, at);
}

/** Traces that a scorer has left, and what asking about them will cost. */
export type LeftTraces = Pick<PausedScorer, "scorer" | "traces" | "estimate">;

/**
 * How a scorer leaves a trace for good. `failed`: tries that are spent, a key that was missing, answers that were none. `over-budget`:
 * nothing was asked.
 */
export type LeftState = "failed" | "over-budget";

/** What a scorer has left in one of these states. */
export async function leftTraces(
  store: Pick<Store, "openDecisions" | "meanCost">,
  scorer: string,
  state: LeftState,
): Promise<LeftTraces> {
  const left = (await store.openDecisions()).filter((row) => row.scorer === scorer && row.state === state);
  const traces = left.reduce((sum, { rows }) => sum + rows, 0);
  return { scorer, traces, estimate: estimateOf(traces, await store.meanCost(scorer)) };
}

/**
 * Lets a scorer be asked again, with fresh tries, about all traces it has left. Missing answers that were paid for are forgotten, so
 * this pays for them again.
 *
 * @param at Unix ms.
 * @returns How many traces.
 */
export async function askAboutLeft(
  store: Pick<Store, "ledgerRows" | "forgetNoAnswers" | "record">,
  scorer: string,
  state: LeftState,
  at: number,
): Promise<number> {
  let asked = 0;
  for (;;) {
    const rows = await store.ledgerRows({ state, scorer, limit: 500 });
    if (rows.length === 0) return asked;
    if (state === "failed") for (const { subject } of rows) await store.forgetNoAnswers(subject, scorer);
    const again = {
      state: "waiting",
      code: null,
      reason: "Asked again by hand.",
      attempts: 0,
      at,
      retryAt: at,
    } as const;
    await store.record(rows.map((row) => ({ ...row, ...again })));
    asked += rows.length;
  }
}
