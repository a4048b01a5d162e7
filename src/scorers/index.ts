import type { Scorer } from "../core/scorer.ts";
import { budget } from "./budget.ts";
import { finishReason } from "./finish-reason.ts";
import { noFinalAnswer } from "./no-final-answer.ts";
import { retryLoop } from "./retry-loop.ts";
import { toolErrors } from "./tool-errors.ts";
import { unsupportedClaim } from "./unsupported-claim.ts";

/** Every rule scorer with its defaults. A new one is a file and a line here. */
export const ruleScorers: readonly Scorer[] = [
  toolErrors(),
  retryLoop(),
  unsupportedClaim(),
  finishReason(),
  noFinalAnswer(),
  budget(),
];
