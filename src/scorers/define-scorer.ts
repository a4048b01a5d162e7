import type { Case } from "../core/case.ts";
import { checkScorer } from "../core/check-scorer.ts";
import { TracegateError } from "../core/errors.ts";
import type { Scorer } from "../core/scorer.ts";
import type { Trace } from "../core/trace.ts";
import { type Returned, scoreOf } from "./score-of.ts";

/** What a scorer function is given. */
export interface ScorerInput {
  readonly trace: Trace;
  /** The case that was tried; absent on live traffic. */
  readonly case?: Case;
  /** Fires when the scorer's time is up or the process stops. Pass it on to whatever you wait for. */
  readonly signal: AbortSignal;
}

/** A scorer function; synchronous or not. */
export type ScorerFunction = (input: ScorerInput) => Returned | Promise<Returned>;

/** Options of {@link defineScorer}. */
export interface ScorerOptions {
  /** Change it when a score of the old code and one of the new must not be compared. Default `"1"`. */
  readonly version?: string;
  /** A value below this is a failure, 0..1. Default 0.5. */
  readonly passAt?: number;
  /** One sentence: what it looks for. Default empty. */
  readonly description?: string;
}

/**
 * Makes a rule scorer out of a function. The same object runs on live traffic and in CI.
 *
 * The function returns a boolean, a number from 0 to 1, null when it does not apply, or `{ value,
 * label?, explanation?, evidence?, metadata? }`. Anything else gives an unscored `scorer-error` that
 * says what was wrong. What the function throws, `score` throws; the pipeline turns it into an
 * unscored `scorer-error`.
 *
 * @throws TracegateError `config` when the name is not kebab-case, or an option is out of range.
 *
 * @example
 * export const noFailedTools = defineScorer("no-failed-tools", ({ trace }) => {
 *   const failed = trace.toolCalls.filter((call) => call.error !== null);
 *   return {
 *     value: failed.length === 0,
 *     explanation: `${failed.length} tool call(s) failed`,
 *     evidence: failed.map((call) => call.spanId),
 *   };
 * });
 */
export function defineScorer(name: string, score: ScorerFunction): Scorer;
export function defineScorer(name: string, options: ScorerOptions, score: ScorerFunction): Scorer;
export function defineScorer(
  name: string,
  second: ScorerOptions | ScorerFunction,
  third?: ScorerFunction,
): Scorer {
  const options = typeof second === "function" ? {} : second;
  const score = typeof second === "function" ? second : third;
  if (typeof score !== "function") {
    throw new TracegateError(
      "config",
      `defineScorer("${name}"): the last argument must be the scorer function.`,
    );
  }
  const { version = "1", passAt = 0.5, description = "" } = options;
  checkScorer(name, version, passAt);
  const identity = { name, version, kind: "rule", passAt } as const;
  return {
    ...identity,
    description,
    async score(subject, context) {
      const tried = subject.case === undefined ? {} : { case: subject.case };
      const returned = await score({ trace: subject.trace, ...tried, signal: context.signal });
      return scoreOf(identity, subject.trace, returned);
    },
  };
}
