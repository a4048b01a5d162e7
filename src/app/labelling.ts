import type { Config } from "../config/schema.ts";
import { TracegateError } from "../core/errors.ts";
import type { Label } from "../core/label.ts";
import { passed } from "../core/score.ts";
import type { Scorer } from "../core/scorer.ts";
import type { Store, StoredScore } from "../core/store.ts";
import type { Trace } from "../core/trace.ts";
import { type Candidate, type Picked, pickToLabel } from "../pipeline/calibration/pick-to-label.ts";
import { allLabels, allScores } from "./all-pages.ts";
import { type Environment, equip } from "./equipment.ts";
import { openState } from "./open-state.ts";
import { reviewQueue, type WaitingFailures } from "./review-queue.ts";
import type { Place } from "./services.ts";
import { readStored } from "./stored-traces.ts";

/** What the judge said of a trace, kept from a person until the person has said something. */
export interface JudgeSaid {
  readonly passed: boolean | null;
  readonly label: string | null;
  readonly explanation: string | null;
}

/** Labelling, as a terminal or a page drives it. */
export interface Labelling {
  /** The scorer whose question is answered. */
  readonly scorer: string;
  /** What to ask about, in this order. */
  readonly picked: readonly Picked[];
  /** Failures that wait for a person, of all judges that queue theirs. Those of `scorer` come first in `picked`, unless that is random. */
  readonly waiting: readonly WaitingFailures[];
  /** Null when the spans are no longer kept. */
  trace(traceId: string): Promise<Trace | null>;
  judgeSaid(traceId: string): JudgeSaid | undefined;
  /** What others have said of it. */
  others(traceId: string): readonly Label[];
  /** On disk when it resolves. */
  save(label: Label): Promise<void>;
  close(): Promise<void>;
}

/** Options of {@link openLabelling}. */
export interface LabellingOptions extends Place {
  readonly environment: Environment;
  /** Default: the only judge there is, or the one of which most failures wait for a person. */
  readonly scorer?: string;
  readonly reviewer: string;
  /** Traces to ask about. */
  readonly size: number;
  /** `queue`: only what wants a person: what the judge failed or could not tell, and what people differ about. */
  readonly how: "balanced" | "random" | "queue";
}

/**
 * Picks traces of one scorer for a person to label. Those this person has labelled are left out.
 *
 * @throws TracegateError `usage` when it is not clear which scorer is meant, or it has judged nothing.
 */
export async function openLabelling(config: Config, options: LabellingOptions): Promise<Labelling> {
  const judges = equip(config, options.environment).scorers.filter(({ kind }) => kind === "judge");
  const state = await openState(config, options);
  try {
    const { store } = state;
    const allOfThem = await allLabels(store);
    const waiting = await reviewQueue(store, judges, allOfThem);
    const scorer = scorerOf(judges, waiting, options);
    const judged = await judgedBy(store, scorer);
    if (judged.size === 0) {
      throw new TracegateError(
        "usage",
        `No trace has been judged by ${scorer} yet. Send traces to tracegate up, with a judge configured.`,
      );
    }
    const labels = allOfThem.filter((label) => label.scorer === scorer);
    const own = new Set(
      labels.filter(({ reviewer }) => reviewer === options.reviewer).map(({ traceId }) => traceId),
    );
    const byTrace = Map.groupBy(labels, ({ traceId }) => traceId);
    const others = (traceId: string) =>
      (byTrace.get(traceId) ?? []).filter(({ reviewer }) => reviewer !== options.reviewer);
    const left = [...judged.values()].filter(({ traceId }) => !own.has(traceId));
    const queued = waiting.find((one) => one.scorer === scorer)?.traceIds ?? new Set();
    return {
      scorer,
      waiting,
      picked: pick(left, queued, options, others),
      async trace(traceId) {
        const stored = await store.trace(traceId);
        return stored?.payload ? readStored(stored, stored.payload, config).trace : null;
      },
      judgeSaid(traceId) {
        const score = judged.get(traceId);
        return score && { passed: passed(score), label: score.label, explanation: score.explanation };
      },
      others,
      save: (label) => store.saveLabels([label]),
      close: () => state.close(),
    };
  } catch (error) {
    await state.close();
    throw error;
  }
}

function pick(
  scores: readonly StoredScore[],
  queued: ReadonlySet<string>,
  { size, how }: LabellingOptions,
  others: (traceId: string) => readonly Label[],
): readonly Picked[] {
  const candidates = scores.map((score): Candidate => {
    const { traceId, inclusionProbability: probability = 1 } = score;
    return { traceId, passed: passed(score), probability, isQueued: queued.has(traceId) };
  });
  if (how !== "queue") return pickToLabel(candidates, { size, how });
  const wanting = candidates.filter(({ traceId, passed: judge }) => {
    const said = new Set(others(traceId).map((label) => label.passed));
    return said.size > 1 || (said.size === 0 && judge !== true);
  });
  return wanting.slice(0, size).map(({ traceId }) => ({ traceId }));
}

function scorerOf(
  judges: readonly Scorer[],
  waiting: readonly WaitingFailures[],
  { scorer }: LabellingOptions,
): string {
  const names = judges.map(({ name }) => name);
  if (scorer !== undefined && names.includes(scorer)) return scorer;
  const [only] = names;
  if (scorer === undefined && only !== undefined && names.length === 1) return only;
  const [most] = waiting;
  if (scorer === undefined && most !== undefined) return most.scorer;
  const what = scorer === undefined ? "Name the judge that is looked at" : `There is no judge "${scorer}"`;
  throw new TracegateError(
    "usage",
    `${what}: --scorer with one of ${names.join(", ") || "none configured"}.`,
  );
}

/** Scores of one scorer by trace: decided ones, and those where the judge could not tell. */
async function judgedBy(
  store: Pick<Store, "scores">,
  scorer: string,
): Promise<ReadonlyMap<string, StoredScore>> {
  const found = new Map<string, StoredScore>();
  for await (const score of allScores(store)) {
    const said = score.value !== null || score.unscored?.code === "cannot-judge";
    if (score.name === scorer && said) found.set(score.traceId, score);
  }
  return found;
}
