import type { Case } from "../core/case.ts";
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

/** Names of scorers: kebab-case, because they become parts of attribute names. */
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

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

/**
 * Checks what every scorer declares, for the makers of scorers.
 *
 * @throws TracegateError `config`, naming the scorer, the value and what would be right.
 */
export function checkScorer(name: string, version: string, passAt: number): void {
  if (!NAME.test(name)) {
    throw new TracegateError(
      "config",
      `Scorer name ${JSON.stringify(name)} is not kebab-case. Use lower-case letters, digits and single hyphens, e.g. "no-failed-tools".`,
    );
  }
  if (version.trim() === "") {
    throw new TracegateError("config", `Scorer "${name}": version must not be empty. Leave it out for "1".`);
  }
  if (!(passAt >= 0 && passAt <= 1)) {
    throw new TracegateError("config", `Scorer "${name}": passAt must be from 0 to 1, got ${passAt}.`);
  }
}
