import { TracegateError } from "../core/errors.ts";
import { stableJson } from "../core/json.ts";
import type { Scorer } from "../core/scorer.ts";
import type { ToolCall, Trace } from "../core/trace.ts";
import { defineScorer } from "./define-scorer.ts";
import { shortened } from "./shortened.ts";
import { versionOf } from "./version-of.ts";

/** Options of {@link retryLoop}. */
export interface RetryLoopOptions {
  /** How many equal calls with equal results make a loop. Default 3. */
  readonly times?: number;
  /** Tools that are meant to be asked again and again, e.g. `["get_job_status"]`. Default none. */
  readonly ignore?: readonly string[];
}

/**
 * Scores 0 when the agent made the same tool call with the same arguments and got the same result again
 * and again, and learned nothing in between: no call gave a result it had not seen, and the user said
 * nothing. So going round between two calls is a loop as well, and checking again after a change is none.
 *
 * @throws TracegateError `config` when `times` is below 2.
 */
export function retryLoop(options: RetryLoopOptions = {}): Scorer {
  const { times = 3, ignore = [] } = options;
  if (!(times >= 2)) {
    throw new TracegateError("config", `retryLoop({ times }): a loop takes 2 calls or more, got ${times}.`);
  }
  const description = `No tool call with the same arguments and result ${times} times over with nothing learned in between.`;
  return defineScorer("retry-loop", { description, version: versionOf("1", options) }, ({ trace }) => {
    const calls = trace.toolCalls.filter(
      (call) => call.arguments !== undefined && (call.result !== undefined || call.error !== null),
    );
    if (calls.length === 0) {
      const missing =
        trace.toolCalls.length === 0 ? "no tool call" : "no recorded arguments and results of tool calls";
      return { value: null, explanation: `The trace has ${missing}, so there is nothing to compare.` };
    }
    const loops = repeats(calls, turns(trace)).filter(
      (loop) => loop.length >= times && !ignore.includes(loop[0]?.name ?? ""),
    );
    const worst = loops.toSorted((a, b) => b.length - a.length)[0];
    if (worst?.[0] === undefined) {
      return {
        value: 1,
        label: "none",
        explanation: "No tool call was repeated without learning something.",
      };
    }
    const [{ name, arguments: given, error }] = [worst[0]];
    const got =
      error === null ? "the same result" : `the same error (${shortened(error.message ?? error.type, 120)})`;
    const others = loops.length === 1 ? "" : ` ${loops.length - 1} more loop(s) in this run.`;
    return {
      value: 0,
      label: "loop",
      explanation: `Tool ${name} was called ${worst.length} times with ${shortened(JSON.stringify(given), 120)} and gave ${got} each time.${others}`,
      evidence: loops.flat().map((call) => call.spanId),
      metadata: { loops: loops.length, longest: worst.length },
    };
  });
}

/** Groups of equal calls with nothing learned in between. */
function repeats(calls: readonly ToolCall[], turnOf: ReadonlyMap<string, number>): readonly ToolCall[][] {
  const groups: ToolCall[][] = [];
  const known = new Set<string>();
  let open = new Map<string, ToolCall[]>();
  let turn = 0;
  for (const call of calls) {
    const signature = signatureOf(call);
    const callTurn = call.callId === undefined ? turn : (turnOf.get(call.callId) ?? turn);
    if (!known.has(signature) || callTurn !== turn) open = new Map();
    known.add(signature);
    turn = callTurn;
    const group = open.get(signature) ?? [];
    if (group.length === 0) groups.push(group);
    group.push(call);
    open.set(signature, group);
  }
  return groups;
}

/** How many user messages came before each call, by call id. */
function turns(trace: Trace): ReadonlyMap<string, number> {
  const turnOf = new Map<string, number>();
  let turn = 0;
  for (const message of trace.messages) {
    if (message.role === "user") turn += 1;
    for (const part of message.parts) {
      if (part.type === "tool_call" && part.id !== undefined) turnOf.set(part.id, turn);
    }
  }
  return turnOf;
}

/** Equal for equal calls; a value nested too deep to be compared equals nothing. */
function signatureOf(call: ToolCall): string {
  const { name, arguments: given, result = null, error } = call;
  try {
    return stableJson([name, given, result, error?.type, error?.message]);
  } catch {
    return `${call.spanId} ${call.callId}`;
  }
}
