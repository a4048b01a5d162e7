import type { Policy } from "../core/verdict.ts";

/** The gate's rules unless the configuration says otherwise. */
export const DEFAULT_POLICY: Policy = {
  mode: "pull-request",
  errorRate: 0.05,
  margin: 0.05,
  missRate: 0.1,
  maxPasses: 5,
  minHistory: 3,
  maxTrials: 6,
  maxUnscored: 0.05,
};

/** Evidence of one case from which on it is suspected and tried again, and at which a joint one is not a pass. */
export const SUSPICION = 5;

/** Failed trials a block needs at least: one alone may be the scorer's error. */
export const MIN_FAILURES = 2;
