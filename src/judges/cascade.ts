import { TracegateError } from "../core/errors.ts";
import { stableJson } from "../core/json.ts";
import { type Answer, CANNOT_JUDGE, isAnswer, type Judge, type NoAnswer } from "../core/judge.ts";

/** Options of {@link cascade}. */
export interface CascadeOptions {
  /** Asked first. It must tell probabilities, e.g. `openai({ model, api: "decisions" })`; an answer without them is never sure. */
  readonly cheap: Judge;
  /** Asked where the cheap one is not sure, could not tell, refused or broke its answer. */
  readonly strong: Judge;
  /**
   * The cheap answer stands when its label has at least this probability, 0..1. Choose it on labelled traces with
   * `tracegate judge tune`, which proves how often answers so sure are wrong. Default 0.95.
   */
  readonly acceptAbove?: number;
}

/**
 * A judge of two tiers: most questions cost what the cheap one costs.
 *
 * @throws TracegateError `config` when the threshold is no probability, or a judge is a cascade itself.
 */
export function cascade({ cheap, strong, acceptAbove = 0.95 }: CascadeOptions): Judge {
  if (!(acceptAbove >= 0 && acceptAbove <= 1)) {
    throw new TracegateError("config", `cascade: acceptAbove must be from 0 to 1, got ${acceptAbove}.`);
  }
  if (cheap.stronger || cheap.panel) {
    throw new TracegateError("config", "cascade: cheap must be one model, not a cascade or a panel itself.");
  }
  return {
    ...cheap,
    identity: stableJson({ cheap: cheap.identity, strong: strong.identity, acceptAbove }),
    stronger: { judge: strong, acceptAbove },
  };
}

/** Whether the second step is needed. What may pass, such as a rate limit, is no reason: it would send everything to the expensive one. */
export function needsStronger(result: Answer | NoAnswer, acceptAbove: number): boolean {
  if (isAnswer(result)) {
    return result.label === CANNOT_JUDGE || (result.probabilities?.[result.label] ?? 0) < acceptAbove;
  }
  return ["refused", "cut", "schema-broken", "cannot-judge"].includes(result.unscored.code);
}
