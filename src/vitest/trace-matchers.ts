import type { MatcherState } from "vitest";

import type { Case } from "../core/case.ts";
import type { JsonObject } from "../core/json.ts";
import type { Judge } from "../core/judge.ts";
import { passed } from "../core/score.ts";
import type { Scorer } from "../core/scorer.ts";
import type { Trace } from "../core/trace.ts";
import { evaluate } from "../pipeline/evaluate.ts";

/** What a scorer may need besides the trace. */
export interface PassOptions {
  readonly case?: Case;
  readonly judge?: Judge;
}

interface Matched {
  readonly pass: boolean;
  readonly message: () => string;
}

/**
 * Matchers for traces. Register them once, in a set-up file: `expect.extend(traceMatchers)`.
 *
 * - `toHaveCalledTool(name, args?)`: a tool of that name was called; with `args`, once at least with arguments that contain them
 *   (`expect.anything()` and the like may stand in them)
 * - `toHaveToolOrder(names)`: these tools were called in this order; others may come between
 * - `toPassScorer(scorer, { case, judge }?)`: asynchronous; a score without a value is an error, also with `.not`
 */
export const traceMatchers = {
  toHaveCalledTool(this: MatcherState, trace: Trace, name: string, args?: JsonObject): Matched {
    const calls = trace.toolCalls.filter((call) => call.name === name);
    const { equals, utils, isNot } = this;
    const pass = calls.some(
      (call) =>
        args === undefined ||
        equals(call.arguments, args, [...this.customTesters, utils.iterableEquality, utils.subsetEquality]),
    );
    const wanted = args === undefined ? name : `${name} with ${utils.stringify(args)}`;
    const message = () => `expected ${isNot ? "no" : "a"} call of ${wanted}; ${calledTools(trace)}`;
    return { pass, message };
  },

  toHaveToolOrder(this: MatcherState, trace: Trace, names: readonly string[]): Matched {
    let found = 0;
    for (const call of trace.toolCalls) if (call.name === names[found]) found += 1;
    const order = names.join(", then ");
    const missing = this.isNot ? "" : `; ${names[found]} is not where it should be`;
    return {
      pass: found === names.length,
      message: () =>
        `expected ${this.isNot ? "another order than " : ""}${order}${missing}; ${calledTools(trace)}`,
    };
  },

  async toPassScorer(
    this: MatcherState,
    trace: Trace,
    scorer: Scorer,
    options: PassOptions = {},
  ): Promise<Matched> {
    const subject = { trace, ...(options.case ? { case: options.case } : {}) };
    const [score] = await evaluate(subject, [scorer], options.judge ? { judge: options.judge } : {});
    const words = score?.explanation ?? "";
    const pass = score ? passed(score) : null;
    if (pass === null) {
      throw new Error(`${scorer.name} gave no value (${score?.unscored?.code ?? "no score"}). ${words}`);
    }
    const value = `${score?.value}, passes at ${scorer.passAt}`;
    return { pass, message: () => `${scorer.name} ${pass ? "passed" : "failed"} (${value}). ${words}` };
  },
};

declare module "vitest" {
  interface Matchers<R extends void | Promise<void>, T> {
    /** A tool of that name was called; with `args`, once at least with arguments that contain them. */
    toHaveCalledTool(name: string, args?: JsonObject): R;
    /** These tools were called in this order; others may come between. */
    toHaveToolOrder(names: readonly string[]): R;
    /** The scorer passes the trace. */
    toPassScorer(scorer: Scorer, options?: PassOptions): Promise<void>;
  }
}

function calledTools(trace: Trace): string {
  const calls = trace.toolCalls.map((call) => `${call.name}(${JSON.stringify(call.arguments) ?? ""})`);
  return calls.length === 0 ? "no tool was called" : `called: ${calls.join(", ")}`;
}
