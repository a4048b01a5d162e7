import type { Scorer } from "../../core/scorer.ts";
import type { BuiltInJudgeOptions } from "./built-in-judge.ts";
import { contextRetention } from "./context-retention.ts";
import { correctness } from "./correctness.ts";
import { goalDrift } from "./goal-drift.ts";
import { groundedness } from "./groundedness.ts";
import { handOff } from "./hand-off.ts";
import { instructionFollowing } from "./instruction-following.ts";
import { policyAdherence } from "./policy-adherence.ts";
import { safety } from "./safety.ts";
import { taskCompletion } from "./task-completion.ts";
import { tone } from "./tone.ts";
import { toolUse } from "./tool-use.ts";

/** The judges that come with tracegate and need nothing else. A new one is a file and a line here. */
export const builtInJudges: readonly ((options?: BuiltInJudgeOptions) => Scorer)[] = [
  groundedness,
  instructionFollowing,
  taskCompletion,
  correctness,
  toolUse,
  goalDrift,
  contextRetention,
  handOff,
  safety,
  tone,
];

/** Those that a configuration without `scorers` uses. Each costs a call per trace, so they are few. */
export const defaultJudges: readonly Scorer[] = [groundedness(), instructionFollowing()];

export {
  contextRetention,
  correctness,
  goalDrift,
  groundedness,
  handOff,
  instructionFollowing,
  policyAdherence,
  safety,
  taskCompletion,
  tone,
  toolUse,
};
