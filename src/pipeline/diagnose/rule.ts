import type { Family } from "./instrumentation.ts";
import type { Observation } from "./observation.ts";

/**
 * How much a finding takes away. `serious`: scorers cannot work, or judge something else than what happened.
 * `warning`: some figure or text is missing or wrong. `hint`: it would be better otherwise.
 */
export type Severity = "serious" | "warning" | "hint";

/** What to do, by instrumentation; `other` where a family needs no words of its own. */
export type Mend = { readonly [Name in Family]?: string } & { readonly other: string };

/** One thing that instrumentation can lack, and how it shows in a trace. */
export interface Rule {
  readonly code: string;
  readonly severity: Severity;
  /** What is wrong, in one sentence. */
  readonly finding: string;
  /** What it takes away, in one sentence. */
  readonly costs: string;
  /** Built-in scorers that see less or nothing for it. */
  readonly blinds: readonly string[];
  /** True for the traces in which it could show; the share is a share of those. Default: all. */
  readonly applies?: (observation: Observation) => boolean;
  /** Ids of the spans that show it (none: the trace as a whole); null when the trace is not affected. */
  readonly find: (observation: Observation) => readonly string[] | null;
  /** Words of the trace worth telling: models without a price, names nobody knows. */
  readonly names?: (observation: Observation) => readonly string[];
  readonly mend: Mend;
}
