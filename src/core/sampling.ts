/**
 * Why a live trace is in the sample, or `left-out`.
 *
 * - `error`, `failed-rule`, `slow`, `new-version`: always taken
 * - `rate`, `left-out`: an ordinary trace that its share took, or did not
 */
export type SamplingReason = "error" | "failed-rule" | "slow" | "new-version" | "rate" | "left-out";

/** Whether a live trace is seen by judges and kept in full, and the chance it had. */
export interface SamplingDecision {
  readonly sampled: boolean;
  /**
   * The chance with which a trace like this one is taken, 0..1: 1 for those that are always taken. Weights of
   * 1 / probability make rates over the sample unbiased (Horvitz and Thompson 1952).
   */
  readonly probability: number;
  readonly reason: SamplingReason;
}

/** A version of an agent, as its traces name it. Null: they do not. */
export interface AgentVersion {
  readonly service: string | null;
  readonly agent: string | null;
  readonly version: string | null;
}

/** How many traces of a version are its first ones. */
export interface FirstOfVersion {
  /** Of one version. */
  readonly limit: number;
  /**
   * New versions of one service that have first traces within a day, so that a version that changes with every run is not
   * always new.
   */
  readonly versionsPerDay: number;
  /** Now, Unix ms. */
  readonly at: number;
}

/** Counts the first traces of agents' versions. Part of the store. */
export interface VersionCounts {
  /**
   * Takes one of the first places of an agent's version and gives how many were taken before; `limit` when there is none
   * left. Atomic over all processes.
   */
  countVersion(version: AgentVersion, first: FirstOfVersion): Promise<number>;
}
