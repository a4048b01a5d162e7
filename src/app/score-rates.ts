import { passed, type ScorerKind } from "../core/score.ts";
import type { Store, StoredScore } from "../core/store.ts";
import { type WeightedOutcome, type WeightedRate, weightedRate } from "../pipeline/weighted-rate.ts";
import { allScores } from "./all-pages.ts";

/** How often one version of a scorer passed live traces. */
export interface ScorerRate {
  readonly scorer: string;
  readonly version: string;
  readonly kind: ScorerKind;
  /** Of all traces, with a 95 % interval, 0..1; null: it scored none. */
  readonly rate: WeightedRate | null;
  /** Traces with a value. */
  readonly scored: number;
  /** Of these. */
  readonly passed: number;
  /** Traces without one, by reason. */
  readonly unscored: { readonly [code: string]: number };
}

/**
 * The pass rates of all traces that began at or after `since` (Unix ms), by scorer. Those that were likelier to be judged count
 * for less, as the share of the sample that passed says too little of what went well.
 */
export async function scoreRates(
  store: Pick<Store, "scores">,
  since: number,
  signal: AbortSignal,
): Promise<readonly ScorerRate[]> {
  const tallies = new Map<string, Tally>();
  for await (const score of allScores(store, since)) {
    signal.throwIfAborted();
    const key = JSON.stringify([score.name, score.version]);
    const tally = tallies.get(key) ?? new Tally(score);
    tallies.set(key, tally);
    tally.add(score);
  }
  const order = (a: ScorerRate, b: ScorerRate) =>
    a.scorer === b.scorer ? (a.version < b.version ? -1 : 1) : a.scorer < b.scorer ? -1 : 1;
  return [...tallies.values()].map((tally) => tally.result()).sort(order);
}

class Tally {
  readonly #first: StoredScore;
  readonly #outcomes: WeightedOutcome[] = [];
  readonly #unscored = new Map<string, number>();

  constructor(first: StoredScore) {
    this.#first = first;
  }

  add(score: StoredScore): void {
    const outcome = passed(score);
    if (outcome !== null) {
      this.#outcomes.push({ passed: outcome, probability: score.inclusionProbability ?? 1 });
      return;
    }
    const code = score.unscored?.code ?? "unscored";
    this.#unscored.set(code, (this.#unscored.get(code) ?? 0) + 1);
  }

  result(): ScorerRate {
    const { name, version, kind } = this.#first;
    return {
      scorer: name,
      version,
      kind,
      rate: weightedRate(this.#outcomes),
      scored: this.#outcomes.length,
      passed: this.#outcomes.filter((outcome) => outcome.passed).length,
      unscored: Object.fromEntries(this.#unscored),
    };
  }
}
