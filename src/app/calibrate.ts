import { resolve } from "node:path";

import type { Config } from "../config/schema.ts";
import { systemClock } from "../core/clock.ts";
import { TracegateError } from "../core/errors.ts";
import type { Judge } from "../core/judge.ts";
import { passed } from "../core/score.ts";
import type { Scorer } from "../core/scorer.ts";
import { readAttacks, writeCalibration } from "../datasets/calibration-file.ts";
import { readJudgements } from "../datasets/read-judgements.ts";
import { readLabels } from "../datasets/read-labels.ts";
import { judgeVersion } from "../judges/instrument.ts";
import { type Calibration, calibrate, type Judgement } from "../pipeline/calibration/calibrate.ts";
import { allScores } from "./all-pages.ts";
import { askAgain, type Rejudged } from "./ask-again.ts";
import { type Environment, equipAlone } from "./equipment.ts";
import { keptTraces } from "./kept-traces.ts";
import { openState, type State } from "./open-state.ts";

/** Options of {@link calibrateJudges}. */
export interface CalibrateOptions {
  readonly config: Config;
  readonly cwd: string;
  readonly environment: Environment;
  readonly signal: AbortSignal;
  /** Label file. */
  readonly labels: string;
  /** File of recorded answers; default: the scores in the store. */
  readonly answers?: string;
  /** So many labelled traces of each scorer whose spans are still kept are put to the judge again. Default 0. */
  readonly rejudge?: number;
  /** Writes what was found into `judging.calibration`. */
  readonly save?: boolean;
}

/** What was found out about one scorer, and where it was written. */
export interface CalibratedScorer extends Calibration {
  readonly rejudged: Rejudged | null;
  /** See `Scorer.instrument`; null for answers out of a file. */
  readonly instrument: string | null;
  readonly savedAs: string | null;
}

/**
 * Holds every labelled scorer against its labels.
 *
 * @throws TracegateError `usage` when labels are about no scorer that there is, or nothing was judged.
 */
export async function calibrateJudges(options: CalibrateOptions): Promise<readonly CalibratedScorer[]> {
  const { config, cwd, environment, signal, rejudge: most = 0 } = options;
  const labels = Map.groupBy(await readLabels(resolve(cwd, options.labels)), ({ scorer }) => scorer);
  const { scorers, judge, prepare } = equipAlone(config, environment);
  const recorded = options.answers === undefined ? null : await readJudgements(resolve(cwd, options.answers));
  const state = recorded === null || most > 0 ? await openState(config, { cwd, environment }) : null;
  try {
    const results: CalibratedScorer[] = [];
    for (const [name, about] of labels) {
      const scorer = scorers.find((one) => one.name === name);
      if (scorer === undefined && recorded === null) throw unknownScorer(name, scorers);
      const instrument = scorer?.instrument?.(judge) ?? null;
      const fromStore = recorded === null ? state : null;
      const judgements =
        recorded?.get(name) ?? (fromStore ? await judgedBy(fromStore, name, instrument) : []);
      const before = new Map(judgements.map((one) => [one.traceId, one.passed]));
      const ids = new Set(about.map(({ traceId }) => traceId).filter((id) => before.has(id)));
      const rejudged =
        scorer && state && most > 0
          ? await askAgain(scorer, keptTraces(config, state.store, ids, signal), before, {
              judge,
              prepare,
              signal,
              most,
            })
          : null;
      const withstands = await withstood(options, judge);
      const calibration = calibrate({ scorer: name, labels: about, judgements, rejudged, withstands });
      const savedAs = options.save ? await save(options, calibration, { judge, instrument }) : null;
      results.push({ ...calibration, rejudged, instrument, savedAs });
    }
    return results;
  } finally {
    await state?.close();
  }
}

function unknownScorer(name: string, scorers: readonly Scorer[]): TracegateError {
  const judges = scorers.filter(({ kind }) => kind === "judge").map((one) => one.name);
  return new TracegateError(
    "usage",
    `There are labels about "${name}", but no such scorer. Judges of the configuration: ${judges.join(", ") || "none"}. Give recorded answers with --answers to look at others.`,
  );
}

/** What the current version of a scorer has decided, out of the store. */
async function judgedBy(
  state: State,
  name: string,
  instrument: string | null,
): Promise<readonly Judgement[]> {
  const judgements: Judgement[] = [];
  for await (const score of allScores(state.store)) {
    const verdict = score.name === name ? passed(score) : null;
    if (verdict === null || (instrument !== null && score.metadata.instrument !== instrument)) continue;
    const { traceId, inclusionProbability: probability, metadata } = score;
    const costUsd = typeof metadata.costUsd === "number" ? metadata.costUsd : null;
    judgements.push({ traceId, passed: verdict, ...(probability !== undefined && { probability }), costUsd });
  }
  return judgements;
}

async function withstood(
  { config, cwd }: CalibrateOptions,
  judge: Judge | undefined,
): Promise<boolean | null> {
  if (judge === undefined) return null;
  const record = await readAttacks(resolve(cwd, config.judging.calibration), judgeVersion(judge));
  return record?.withstands ?? null;
}

async function save(
  { config, cwd }: CalibrateOptions,
  { scorer, confusion, rejudged }: Calibration,
  { judge, instrument }: { readonly judge: Judge | undefined; readonly instrument: string | null },
): Promise<string> {
  if (judge === undefined || instrument === null) {
    throw new TracegateError(
      "usage",
      "Only the configured judge can be saved, for a calibration holds for one version. Set a judge, or leave --save out.",
    );
  }
  return writeCalibration(resolve(cwd, config.judging.calibration), {
    v: 1,
    scorer,
    instrument,
    judge: `${judge.provider} ${judge.model}`,
    at: new Date(systemClock.now()).toISOString(),
    confusion,
    rejudged: rejudged && { asked: rejudged.asked, flipped: rejudged.flipped },
  });
}
