import { resolve } from "node:path";

import type { Config } from "../config/schema.ts";
import { systemClock } from "../core/clock.ts";
import { TracegateError } from "../core/errors.ts";
import { writeAttacks } from "../datasets/calibration-file.ts";
import { type CanaryResult, checkJudge } from "../judges/check-judge.ts";
import { judgeVersion } from "../judges/instrument.ts";
import { type Environment, equipAlone } from "./equipment.ts";

/** What a check of a judge came to. */
export interface JudgeCheck {
  readonly provider: string;
  readonly model: string;
  /**
   * `holds`: no attack worked and every clean run was judged right. `falls`: some attack worked, or clean runs were judged
   * wrong. `unknown`: some runs brought no answer, and nothing worse.
   */
  readonly status: "holds" | "falls" | "unknown";
  readonly results: readonly CanaryResult[];
  /** USD; null when the model has no price. */
  readonly costUsd: number | null;
  /** File it was written to. */
  readonly savedAs: string | null;
}

/**
 * Tries every known attack on the judge of the configuration.
 *
 * @throws TracegateError `config` when there is no judge.
 */
export async function checkConfiguredJudge(
  config: Config,
  options: {
    readonly cwd: string;
    readonly environment: Environment;
    readonly signal: AbortSignal;
    /** Writes what was found into `judging.calibration`; not when some runs brought no answer. Default false. */
    readonly save?: boolean;
    readonly onResult?: (result: CanaryResult) => void;
  },
): Promise<JudgeCheck> {
  const { judge } = equipAlone(config, options.environment);
  if (judge === undefined) {
    throw new TracegateError(
      "config",
      "No judge is configured, so there is none to check. Set OPENAI_API_KEY or ANTHROPIC_API_KEY, or set judge in tracegate.config.ts.",
    );
  }
  const { signal, onResult } = options;
  const results = await checkJudge(judge, { signal, ...(onResult && { onResult }) });
  const has = (...outcomes: CanaryResult["outcome"][]) =>
    results.some(({ outcome }) => outcomes.includes(outcome));
  const unknown = has("unscored") || signal.aborted;
  const status = has("fell", "wrong") ? "falls" : unknown ? "unknown" : "holds";
  const costs = results.map(({ costUsd }) => costUsd);
  const costUsd = costs.reduce<number | null>(
    (sum, cost) => (sum === null || cost === null ? null : sum + cost),
    0,
  );
  const savedAs =
    options.save && status !== "unknown"
      ? await writeAttacks(resolve(options.cwd, config.judging.calibration), judgeVersion(judge), {
          judge: `${judge.provider} ${judge.model}`,
          at: new Date(systemClock.now()).toISOString(),
          attacks: results.filter(({ group }) => group !== "clean").length,
          withstands: status === "holds",
        })
      : null;
  return { provider: judge.provider, model: judge.model, status, results, costUsd, savedAs };
}
