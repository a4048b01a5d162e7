import { resolve } from "node:path";

import type { Config } from "../config/schema.ts";
import type { Judge } from "../core/judge.ts";
import type { Scorer } from "../core/scorer.ts";
import { readAttacks, readCalibration } from "../datasets/calibration-file.ts";
import { judgeVersion } from "../judges/instrument.ts";
import { kappa } from "../pipeline/calibration/agreement.ts";
import { confusionRates } from "../pipeline/calibration/confusion.ts";
import { missingToGate } from "../pipeline/calibration/may-gate.ts";

/** Which judge scorers may block, and why the others may not. */
export interface TrustedJudges {
  /** Names of scorers. */
  readonly trust: readonly string[];
  /** A sentence per judge that reports only. */
  readonly advisory: readonly string[];
}

/**
 * A judge may block when its calibration is that of the very version which is asked now and says enough for it, or
 * when `gate.trust` names it.
 *
 * @throws TracegateError `config` when a calibration file cannot be read.
 */
export async function trustedJudges(
  config: Config,
  cwd: string,
  { scorers, judge }: { readonly scorers: readonly Scorer[]; readonly judge?: Judge },
): Promise<TrustedJudges> {
  const folder = resolve(cwd, config.judging.calibration);
  const trust = [...config.gate.trust];
  const advisory: string[] = [];
  for (const scorer of scorers) {
    if (scorer.kind !== "judge" || trust.includes(scorer.name)) continue;
    const missing = await missingFor(scorer, judge, folder);
    if (missing.length === 0) trust.push(scorer.name);
    else advisory.push(`Judge ${scorer.name} reports and does not block: ${missing.join("; ")}.`);
  }
  return { trust, advisory };
}

async function missingFor(
  scorer: Scorer,
  judge: Judge | undefined,
  folder: string,
): Promise<readonly string[]> {
  const instrument = scorer.instrument?.(judge) ?? null;
  if (instrument === null) return ["there is no judge to ask"];
  const known = await readCalibration(folder, scorer.name);
  if (known === null) return ["nobody has calibrated it (tracegate judge calibrate --labels … --save)"];
  if (known.instrument !== instrument) {
    return [
      `its calibration of ${known.at.slice(0, 10)} is of another version (model, question or renderer changed)`,
    ];
  }
  const attacks = judge && (await readAttacks(folder, judgeVersion(judge)));
  return missingToGate({
    rates: confusionRates(known.confusion),
    kappa: kappa(known.confusion),
    rejudged: known.rejudged,
    withstands: attacks?.withstands ?? null,
  });
}
