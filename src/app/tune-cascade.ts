import { resolve } from "node:path";

import type { Config } from "../config/schema.ts";
import { TracegateError } from "../core/errors.ts";
import type { Judge } from "../core/judge.ts";
import { passed, type Score } from "../core/score.ts";
import type { Scorer } from "../core/scorer.ts";
import { readLabels } from "../datasets/read-labels.ts";
import {
  type CascadeThreshold,
  type ConfidentPair,
  cascadeThreshold,
} from "../pipeline/calibration/cascade-threshold.ts";
import { humanTruth } from "../pipeline/calibration/human-truth.ts";
import { plusCost } from "./ask-again.ts";
import { type Environment, equipAlone } from "./equipment.ts";
import { keptTraces } from "./kept-traces.ts";
import { openState } from "./open-state.ts";

/** What was found for one scorer. */
export interface TunedCascade {
  readonly scorer: string;
  /** Labelled traces that the cheap judge answered with a probability. */
  readonly pairs: number;
  /** Labelled traces without such an answer, or whose spans are no longer kept. */
  readonly unanswered: number;
  /** Null: at no confidence can the cheap judge be shown to be right often enough. */
  readonly threshold: CascadeThreshold | null;
  /** USD that asking cost; null when the model has no price. */
  readonly costUsd: number | null;
}

/**
 * Asks the cheap judge of the configured cascade about every labelled trace, and finds from which confidence on its word may be taken.
 *
 * @param options.target greatest share of wrong answers among those taken, 0..1. Default 0.1.
 * @throws TracegateError `config` when the judge is no cascade.
 */
export async function tuneCascade(
  config: Config,
  options: {
    readonly cwd: string;
    readonly environment: Environment;
    readonly signal: AbortSignal;
    readonly labels: string;
    readonly target?: number;
  },
): Promise<readonly TunedCascade[]> {
  const { cwd, environment, signal, target } = options;
  const { scorers, judge } = equipAlone(config, environment);
  if (judge?.stronger === undefined) {
    throw new TracegateError(
      "config",
      "The configured judge is no cascade, so there is no threshold to choose. Set judge: cascade({ cheap, strong }) in tracegate.config.ts.",
    );
  }
  // Only its first step: the second would cost what the cascade is there to save.
  const { stronger: _stronger, ...cheap } = judge;
  const labels = Map.groupBy(await readLabels(resolve(cwd, options.labels)), ({ scorer }) => scorer);
  const results: TunedCascade[] = [];
  for (const [name, about] of labels) {
    const scorer = scorers.find((one) => one.name === name && one.kind === "judge");
    if (scorer === undefined) {
      throw new TracegateError(
        "usage",
        `There are labels about "${name}", but no judge scorer of that name.`,
      );
    }
    const truth = new Map(humanTruth(about).verdicts.map((one) => [one.traceId, one.passed]));
    const asked = await askCheap(scorer, cheap, { config, cwd, environment, signal, truth });
    const threshold = cascadeThreshold(asked.pairs, target === undefined ? {} : { target });
    const unanswered = truth.size - asked.pairs.length;
    results.push({ scorer: name, pairs: asked.pairs.length, unanswered, threshold, costUsd: asked.costUsd });
  }
  return results;
}

async function askCheap(
  scorer: Scorer,
  judge: Judge,
  options: {
    readonly config: Config;
    readonly cwd: string;
    readonly environment: Environment;
    readonly signal: AbortSignal;
    readonly truth: ReadonlyMap<string, boolean>;
  },
): Promise<{ readonly pairs: readonly ConfidentPair[]; readonly costUsd: number | null }> {
  const { config, cwd, environment, signal, truth } = options;
  const pairs: ConfidentPair[] = [];
  let costUsd: number | null = 0;
  const state = await openState(config, { cwd, environment });
  try {
    for await (const trace of keptTraces(config, state.store, truth.keys(), signal)) {
      const score = await scorer.score({ trace }, { signal, judge });
      costUsd = plusCost(costUsd, score);
      const verdict = passed(score);
      const confidence = confidenceOf(score);
      if (verdict === null || confidence === null) continue;
      pairs.push({ confidence, agrees: verdict === truth.get(trace.traceId) });
    }
  } finally {
    await state.close();
  }
  return { pairs, costUsd };
}

function confidenceOf({ label, metadata }: Score): number | null {
  const { probabilities } = metadata;
  if (label === null || typeof probabilities !== "object" || probabilities === null) return null;
  const probability: unknown = Reflect.get(probabilities, label);
  return typeof probability === "number" ? probability : null;
}
