import type { Case } from "../../core/case.ts";
import type { Result } from "../../core/run.ts";
import type { ControlReport, Policy } from "../../core/verdict.ts";
import { mainToo } from "../breakdown-sentences.ts";
import { hasBrokenDown } from "../breakdowns.ts";
import { isWorthMain, modelFor, type Suspicion } from "../gate-decide.ts";
import { HungCases } from "../hung-cases.ts";
import { runTrials, type TrialJob } from "../run-dataset.ts";
import type { TrialTools } from "../run-dataset-trial.ts";
import { casesToTryAlone, nextAlone, type TriedAlone } from "./breakdown-suspects.ts";
import { type ControlPlan, nextPairs, planControl } from "./control-rounds.ts";
import type { MainAgent, PrepareMain } from "./main-agent.ts";

/** What the control of a block needs. */
export interface ControlOptions extends Omit<TrialTools, "signal"> {
  readonly prepareMain: PrepareMain;
  readonly cases: readonly Case[];
  readonly policy: Policy;
  readonly concurrency: number;
  /** Orders the cases. */
  readonly seed: string;
  readonly suspect: (results: readonly Result[], main: readonly Result[]) => Suspicion;
  /** Told of the change's trials. */
  readonly onResult?: (result: Result) => void | Promise<void>;
  /** Told of main's. */
  readonly onMainResult?: (result: Result) => void | Promise<void>;
  readonly signal?: AbortSignal;
}

/** What became of a block that was to be controlled. */
export interface ControlEnd {
  /** Trials of the change, with those that the control added. */
  readonly results: readonly Result[];
  /** Null: main could not be tried. */
  readonly control: Omit<ControlReport, "moved"> | null;
  /** True, or why main was not tried, as the rest of a sentence. Null: what broke down beside others answers alone, so there was nothing to ask. */
  readonly controlled: true | string | null;
  /** Pairs that were to be made next when nothing was allowed to start any more. */
  readonly refused: number;
}

/**
 * Tries main beside the change before the change is blamed, until main's trials settle it or enough was spent. A main that cannot be
 * tried leaves the block as it is, and says why.
 */
export async function runControl(results: readonly Result[], options: ControlOptions): Promise<ControlEnd> {
  if (options.mayStart?.() === false) return uncontrolled(results, BUDGET_USED);
  const agent = await options.prepareMain(options.signal);
  if ("reason" in agent) return uncontrolled(results, agent.reason);
  try {
    const run = new ControlRun(results, agent, options);
    await run.toTheEnd();
    return run.end();
  } finally {
    await agent.close();
  }
}

const BUDGET_USED = "the budget was used up";

function uncontrolled(results: readonly Result[], reason: string): ControlEnd {
  return { results, control: null, controlled: reason, refused: 0 };
}

class ControlRun {
  readonly #agent: MainAgent;
  readonly #options: ControlOptions;
  readonly #results: Result[];
  readonly #main: Result[] = [];
  #refused = 0;
  /** What lived through the time before the control, or through a breakdown, may carry an outage that is over: main's has begun anew. */
  #isWorn = true;
  #isMainWorn = false;
  /** The trials of cases alone left nothing to block for. */
  #isClear = false;

  constructor(results: readonly Result[], agent: MainAgent, options: ControlOptions) {
    this.#results = [...results];
    this.#agent = agent;
    this.#options = options;
  }

  async toTheEnd(): Promise<void> {
    const { policy, seed, suspect, signal, mayStart } = this.#options;
    const alone = await this.#tryAlone();
    if (this.#refused > 0 || signal?.aborted) return;
    let judgement = suspect(this.#results, this.#main);
    this.#isClear = alone.size > 0 && !isWorthMain(judgement, policy);
    const plans = planControl(modelFor(judgement.cases, policy), judgement, policy, alone);
    for (const [at, plan] of plans.entries()) {
      const made = new Map<string, number>();
      for (;;) {
        const ids = nextPairs(judgement, { plan, policy, made, seed });
        if (ids.length === 0) break;
        if (mayStart?.() === false) {
          this.#refused = ids.length;
          return;
        }
        await this.#tryPairs(ids, plan, made);
        if (signal?.aborted) return;
        if (this.#failedEntirely()) {
          // Main may break down on one case only; what it fails entirely is not tried on all.
          if (plans[at + 1]?.kind !== "suspects") return;
          break;
        }
        judgement = suspect(this.#results, this.#main);
      }
    }
  }

  end(): ControlEnd {
    const { commit, base } = this.#agent;
    const control = { commit, base, results: this.#main };
    if (this.#main.length === 0) {
      if (this.#refused > 0) return { ...uncontrolled(this.#results, BUDGET_USED), refused: this.#refused };
      if (this.#options.signal?.aborted) return uncontrolled(this.#results, "the gate was interrupted");
    }
    if (this.#isClear) return { results: this.#results, control: null, controlled: null, refused: 0 };
    if (!this.#failedEntirely()) {
      return { results: this.#results, control, controlled: true, refused: this.#refused };
    }
    const [fault] = this.#main.flatMap((result) => result.fault ?? []);
    const unscored = this.#main.flatMap(({ scores }) =>
      scores.flatMap((score) => score.unscored?.code ?? []),
    )[0];
    const why =
      fault?.message ?? (unscored ? `the scorers gave no value (${unscored})` : "no trial was made");
    const too = fault && this.#results.some(hasBrokenDown) ? mainToo(fault.code) : undefined;
    const reason = too ?? "main's agent could not be tried";
    return uncontrolled(this.#results, `${reason}: ${why}`);
  }

  /** Tries the change again on cases that may have gone down with another one, each with nothing beside it. */
  async #tryAlone(): Promise<TriedAlone> {
    const { task, suspect, cases, mayStart, signal } = this.#options;
    const alone = new Map<string, "answers" | "breaks" | "hangs">();
    const ids = task.renew ? casesToTryAlone(suspect(this.#results, [])) : [];
    for (let id = nextAlone(ids, alone); id !== undefined; id = nextAlone(ids, alone)) {
      const one = cases.find((each) => each.id === id);
      if (!one || signal?.aborted) break;
      if (mayStart?.() === false) {
        this.#refused = 1;
        break;
      }
      const last = Math.max(0, ...this.#results.flatMap(({ caseId, trial }) => (caseId === id ? trial : [])));
      const hung = new HungCases(this.#results);
      const isTimeGivenAgain = (caseId: string) => hung.isTimeGivenAgain(caseId);
      const job = { one, trial: last + 1 };
      const [result] = await this.#tryChange([job], { ...this.#options, isTimeGivenAgain, concurrency: 1 });
      // Without an outcome nothing is known of it, and the next would tell no more.
      if (!result || (result.fault && !hasBrokenDown(result))) break;
      const how = result.fault?.code === "agent-timed-out" ? "hangs" : "breaks";
      alone.set(id, result.fault ? how : "answers");
    }
    // As main's is, it is begun anew before the first pair.
    if (alone.size > 0) this.#isWorn = true;
    return alone;
  }

  async #tryChange(jobs: readonly TrialJob[], options: ControlOptions): Promise<readonly Result[]> {
    if (this.#isWorn) await options.task.renew?.();
    const results = await runTrials(jobs, options);
    this.#results.push(...results);
    this.#isWorn = results.some(hasBrokenDown);
    return results;
  }

  /** One trial of each case with main, beside one with the change: a new one, or the next of its first ones. */
  async #tryPairs(ids: readonly string[], { kind }: ControlPlan, made: Map<string, number>): Promise<void> {
    const known = Map.groupBy(this.#results, ({ caseId }) => caseId);
    const jobs = ids.flatMap((id): readonly (TrialJob & { readonly isNew: boolean })[] => {
      const one = this.#options.cases.find((each) => each.id === id);
      if (!one) return [];
      const pair = (made.get(id) ?? 0) + 1;
      made.set(id, pair);
      const trials = known.get(id) ?? [];
      const last = Math.max(0, ...trials.map(({ trial }) => trial));
      const paired = new Set(this.#main.flatMap(({ caseId, trial }) => (caseId === id ? trial : [])));
      // What made it break down may be over: beside main of now only a breakdown of now counts.
      const usable = trials.filter((result) => !paired.has(result.trial) && !hasBrokenDown(result));
      const first = kind === "suspects" ? [] : usable.map(({ trial }) => trial);
      const trial = first.length === 0 ? last + 1 : Math.min(...first);
      return [{ one, trial, isNew: trial > last }];
    });
    const { task } = this.#agent;
    const onResult = this.#options.onMainResult ?? (() => {});
    // By the same rule for both, so that neither is tried again where the other is not.
    const hung = new HungCases(this.#results);
    const options = {
      ...this.#options,
      isTimeGivenAgain: (id: string) => hung.isTimeGivenAgain(id),
      ...(kind === "suspects" && this.#shareAnAgent(ids) && { concurrency: 1 }),
    };
    if (this.#isMainWorn) await task.renew?.();
    const ofMain = await runTrials(jobs, { ...options, task, agent: "main", onResult });
    this.#main.push(...ofMain);
    this.#isMainWorn = ofMain.some(hasBrokenDown);
    const fresh = jobs.filter(({ isNew }) => isNew);
    if (fresh.length > 0) await this.#tryChange(fresh, options);
  }

  /** Whether one of them may take down the service or thread that the trials beside it run in; these would be blamed with it. */
  #shareAnAgent(ids: readonly string[]): boolean {
    const { task } = this.#options;
    return (
      task.renew !== undefined &&
      this.#results.some((result) => ids.includes(result.caseId) && hasBrokenDown(result))
    );
  }

  #failedEntirely(): boolean {
    return !this.#main.some(({ scores }) => scores.some(({ value }) => value !== null));
  }
}
