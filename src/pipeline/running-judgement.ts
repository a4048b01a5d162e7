import type { Case } from "../core/case.ts";
import type { HistoryEntry, Result } from "../core/run.ts";
import type { CaseCounts, Policy } from "../core/verdict.ts";
import type { EvidenceModel } from "./evidence-model.ts";
import { countCriterion } from "./gate-counts.ts";
import type { Criterion } from "./gate-criteria.ts";
import { modelFor, type Suspicion, suspect } from "./gate-decide.ts";
import { type Severity, severityOf, weigh } from "./gate-severity.ts";

/** What a run is held against. */
export interface Yardstick {
  readonly cases: readonly Case[];
  readonly criteria: readonly Criterion[];
  readonly history: readonly HistoryEntry[];
  readonly severity: Severity;
  readonly policy: Policy;
}

/**
 * What to suspect trials come in: what `suspect` finds on all trials so far, but only the cases that were
 * tried since are counted again, and the model of main is kept. A run of thousands of cases looks at it hundreds of times.
 */
export class RunningJudgement {
  readonly #policy: Policy;
  readonly #criteria: readonly Criterion[];
  readonly #known: ReadonlyMap<string, HistoryEntry>;
  readonly #severity: ReadonlyMap<string, Pick<CaseCounts, "weight" | "mustFix">>;
  /** Places of a case's criteria. */
  readonly #places: ReadonlyMap<string, readonly number[]>;
  readonly #results = new Map<string, Result[]>();
  /** One per criterion; null where its scorer does not apply. */
  readonly #counts: (CaseCounts | null)[];
  #model: EvidenceModel | undefined;

  constructor({ cases, criteria, history, severity, policy }: Yardstick) {
    this.#policy = policy;
    this.#criteria = criteria;
    this.#known = new Map(history.map((entry) => [entry.key, entry]));
    this.#severity = new Map(cases.map((one) => [one.id, severityOf(one, severity)]));
    this.#places = Map.groupBy(criteria.keys(), (place) => criteria[place]?.case.id ?? "");
    this.#counts = criteria.map((criterion) => this.#countOf(criterion));
  }

  /** Adds trials of the run. */
  add(results: readonly Result[]): void {
    for (const [caseId, added] of Map.groupBy(results, (result) => result.caseId)) {
      this.#results.set(caseId, [...(this.#results.get(caseId) ?? []), ...added]);
      for (const place of this.#places.get(caseId) ?? []) {
        const criterion = this.#criteria[place];
        if (criterion) this.#counts[place] = this.#countOf(criterion);
      }
    }
  }

  /** On the trials added so far. */
  judge(): Suspicion {
    const counts = this.#counts.filter((one) => one !== null);
    // Main's counts do not change; a scorer that turns out to apply adds one, and none ever goes.
    if (this.#model?.size !== counts.length) this.#model = modelFor(counts, this.#policy);
    return suspect(this.#model, counts, this.#policy);
  }

  #countOf(criterion: Criterion): CaseCounts | null {
    const { id } = criterion.case;
    const counts = countCriterion(criterion, this.#known.get(criterion.key), this.#results.get(id) ?? []);
    return counts && weigh(counts, this.#severity.get(id) ?? {});
  }
}
