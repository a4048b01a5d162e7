import { loadConfig } from "../config/load-config.ts";
import type { Config } from "../config/schema.ts";
import { TracegateError } from "../core/errors.ts";
import type { Task } from "../core/run.ts";
import type { Policy } from "../core/verdict.ts";
import type { GitToken } from "../datasets/git-credentials.ts";
import { evaluate } from "../pipeline/evaluate.ts";
import type { GateOptions } from "../pipeline/gate.ts";
import { startWaiting } from "../pipeline/guarded-start.ts";
import { type Environment, equip, equipAlone } from "./equipment.ts";
import { trustedJudges } from "./trusted-judges.ts";

/** Where a gate works and by which configuration. */
export interface GatePlace {
  readonly cwd: string;
  readonly env: Environment;
  readonly configPath?: string;
  /** This configuration instead of a file's. */
  readonly config?: Config;
  /** Dataset file instead of the configured ones. */
  readonly dataset?: string;
  /** For a history on a branch, where the clone has no credentials of its own. The agent does not get it. */
  readonly gitToken?: GitToken;
}

/** The configuration that `--config` names, or the one found. */
export async function load({ cwd, configPath, config }: Pick<GatePlace, "cwd" | "configPath" | "config">) {
  if (config) return { config, path: null };
  return loadConfig({ cwd, ...(configPath === undefined ? {} : { path: configPath }) });
}

/** @throws TracegateError `config` when the configuration names no agent. */
export function taskOf(config: Config, path: string | null): Task {
  if (config.gate.task) return config.gate.task;
  const what =
    path === null
      ? "There is no tracegate.config.ts here or in evals/, so there is no agent to run. Write one, and in it set gate.task"
      : `${path}: gate.task is missing, so there is no agent to run. Set it`;
  throw new TracegateError(
    "config",
    `${what} to moduleTask({ path }), commandTask({ command }), httpTask({ url }) or replayTask({ task }).`,
  );
}

/**
 * The scorers that judge cases, and which judges may block.
 *
 * @throws TracegateError `config` when `gate.trust` names no scorer, or a calibration cannot be read.
 */
export async function criteriaContext(config: Config, env: Environment, cwd: string) {
  const { scorers, judge } = equip(config, env);
  const unknown = config.gate.trust.find((name) => !scorers.some((scorer) => scorer.name === name));
  if (unknown !== undefined) {
    const names = scorers.map(({ name }) => name).join(", ");
    throw new TracegateError("config", `gate.trust: there is no scorer "${unknown}". Known: ${names}.`);
  }
  const { trust } = await trustedJudges(config, cwd, { scorers, ...(judge && { judge }) });
  return { scorers, trust, ...(judge ? { judgeIdentity: judge.identity } : {}) };
}

/** The rules of the configuration, and how the agent is run by them. */
export function policyOf(
  { gate }: Config,
  mode: Policy["mode"] = "pull-request",
): { readonly policy: Policy } & Required<
  Pick<GateOptions, "severity" | "concurrency" | "quietMs" | "budget">
> {
  const { errorRate, margin, missRate, maxPasses, minHistory, maxTrials, maxUnscored } = gate;
  const { weights, mustFix, concurrency, quietMs, budget } = gate;
  return {
    policy: { mode, errorRate, margin, missRate, maxPasses, minHistory, maxTrials, maxUnscored },
    severity: { weights, mustFix },
    concurrency,
    quietMs,
    budget,
  };
}

/** Trials that rules may score while the agent goes on. */
const RULES_BEHIND = 256;
/** How long they wait for more of them, ms. */
const GATHER_MS = 100;

/** The configured scorers and judge, applied to one trial within the worker's time limits. */
export function evaluatorOf(
  config: Config,
  env: Environment,
): Required<Pick<GateOptions, "evaluate" | "scoresBehind" | "scoreNow">> {
  const { scorers, ...judges } = equipAlone(config, env);
  const { ruleTimeoutMs, judgeTimeoutMs } = config.worker;
  const onlyRules = scorers.every(({ kind }) => kind === "rule");
  const limits = {
    ruleTimeoutMs,
    timeoutMs: ruleTimeoutMs,
    judgeTimeoutMs,
    gatherMs: onlyRules ? GATHER_MS : 0,
  };
  return {
    evaluate: (subject, signal) => evaluate(subject, scorers, { ...limits, signal, ...judges }),
    scoresBehind: onlyRules ? RULES_BEHIND : 0,
    scoreNow: startWaiting,
  };
}
