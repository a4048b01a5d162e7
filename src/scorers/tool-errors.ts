import { textOf } from "../core/message.ts";
import type { Scorer } from "../core/scorer.ts";
import { toolWords } from "../core/tool-words.ts";
import type { ToolCall, Trace } from "../core/trace.ts";
import { defineScorer } from "./define-scorer.ts";
import { admitsFailure } from "./failure-words.ts";
import { shortened } from "./shortened.ts";
import { toolFailure } from "./tool-failure.ts";

/** A failed call and its place among the calls. */
interface Failure {
  readonly call: ToolCall;
  readonly index: number;
  readonly reason: string;
}

/**
 * Scores 0 when a tool call failed and the agent neither recovered nor told the user.
 *
 * Recovered: the same tool, or one whose name shares most of its words (`find_user_by_email` after
 * `find_user_by_zip`), succeeded later. Told: text for the user after the failure admits that something did
 * not work, in one of the languages of `failure-words.ts`, or hands over to a person.
 */
export function toolErrors(): Scorer {
  const description = "No tool error that the agent neither recovered from nor told the user about.";
  return defineScorer("tool-errors", { description }, ({ trace }) => {
    if (trace.toolCalls.length === 0) return { value: null, explanation: "The agent called no tool." };
    const failures = trace.toolCalls.flatMap((call, index): Failure[] => {
      const reason = toolFailure(call);
      return reason === undefined ? [] : [{ call, index, reason }];
    });
    if (failures.length === 0) return { value: 1, label: "clean", explanation: "No tool call failed." };
    const open = failures.filter((failure) => !recovered(trace, failure));
    const counts = { failed: failures.length, unrecovered: open.length };
    const first = open[0];
    if (first === undefined) {
      const explanation = `${failures.length} tool call(s) failed, and the same or a similar tool succeeded later.`;
      return { value: 1, label: "recovered", explanation, metadata: counts };
    }
    const evidence = open.map(({ call }) => call.spanId);
    const what = `${open.length} tool error(s) without recovery, the first from ${first.call.name}: ${shortened(first.reason, 160)}.`;
    if (toldUser(trace, first.call.callId)) {
      const explanation = `${what} The agent told the user that it did not work.`;
      return { value: 1, label: "told", explanation, evidence, metadata: counts };
    }
    const explanation = `${what} Nothing the agent told the user mentions it.`;
    return { value: 0, label: "unrecovered", explanation, evidence, metadata: counts };
  });
}

function recovered(trace: Trace, failure: Failure): boolean {
  return trace.toolCalls
    .slice(failure.index + 1)
    .some((later) => alike(later.name, failure.call.name) && toolFailure(later) === undefined);
}

/** Same tool, or at least half of the words of the longer name in common. */
function alike(one: string, other: string): boolean {
  if (one === other) return true;
  const [words, others] = [toolWords(one), toolWords(other)];
  const common = [...words].filter((word) => others.has(word)).length;
  return common * 2 >= Math.max(words.size, others.size) && common > 0;
}

/** Any text for the user after the first open failure; all of it where the conversation does not show the place. */
function toldUser(trace: Trace, callId: string | undefined): boolean {
  const failed = trace.messages.findIndex((message) =>
    message.parts.some((part) => part.type === "tool_result" && part.id !== undefined && part.id === callId),
  );
  const texts = trace.messages
    .slice(failed + 1)
    .filter((message) => message.role === "assistant")
    .map(textOf);
  return [...texts, trace.output ?? ""].some(admitsFailure);
}
