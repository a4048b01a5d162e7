import { TracegateError } from "../core/errors.ts";
import { stableJson } from "../core/json.ts";
import type { Scorer } from "../core/scorer.ts";
import type { ToolCall } from "../core/trace.ts";
import { defineScorer } from "./define-scorer.ts";
import { versionOf } from "./version-of.ts";

/** Options of {@link retryLoop}. */
export interface RetryLoopOptions {
  /** How many equal calls with equal results make a loop. Default 3. */
  readonly times?: number;
}

/**
 * Scores 0 when the agent made the same tool call with the same arguments and got the same result again
 * and again: it learned nothing from the answer. Arguments and results are compared as JSON.
 *
 * @throws TracegateError `config` when `times` is below 2.
 */
export function retryLoop(options: RetryLoopOptions = {}): Scorer {
  const { times = 3 } = options;
  if (!(times >= 2)) {
    throw new TracegateError("config", `retryLoop({ times }): a loop takes 2 calls or more, got ${times}.`);
  }
  const description = `No tool call with the same arguments and the same result ${times} times.`;
  return defineScorer("retry-loop", { description, version: versionOf("1", options) }, ({ trace }) => {
    const known = trace.toolCalls.filter(
      (call) => call.arguments !== undefined && (call.result !== undefined || call.error !== null),
    );
    if (known.length === 0) {
      const why =
        trace.toolCalls.length === 0 ? "no tool call" : "no recorded arguments and results of tool calls";
      return { value: null, explanation: `The trace has ${why}, so there is nothing to compare.` };
    }
    const loops = [...Map.groupBy(known, signatureOf).values()].filter((calls) => calls.length >= times);
    const worst = loops.sort((a, b) => b.length - a.length)[0];
    if (worst?.[0] === undefined) {
      return { value: 1, label: "none", explanation: "No tool call was repeated without a change." };
    }
    const what = shortened(stableJson(worst[0].arguments));
    const got = worst[0].error === null ? "the same result" : `the same error (${reasonOf(worst[0])})`;
    const others = loops.length === 1 ? "" : ` ${loops.length - 1} other call(s) were repeated as well.`;
    return {
      value: 0,
      label: "loop",
      explanation: `Tool ${worst[0].name} was called ${worst.length} times with ${what} and gave ${got} each time.${others}`,
      evidence: loops.flat().map((call) => call.spanId),
      metadata: { loops: loops.length, longest: worst.length },
    };
  });
}

function signatureOf(call: ToolCall): string {
  const { name, arguments: given, result = null, error } = call;
  return stableJson([name, given, result, error === null ? null : [error.type, error.message ?? null]]);
}

function reasonOf(call: ToolCall): string {
  return shortened(call.error?.message ?? call.error?.type ?? "");
}

function shortened(text: string): string {
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
