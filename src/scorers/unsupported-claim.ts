import { textOf } from "../core/message.ts";
import type { Scorer } from "../core/scorer.ts";
import type { Trace } from "../core/trace.ts";
import { answersOf } from "./answers.ts";
import type { Claim } from "./claims/claim.ts";
import { readClaims } from "./claims/read-claims.ts";
import { Seen } from "./claims/seen.ts";
import { seenText } from "./claims/seen-text.ts";
import { defineScorer } from "./define-scorer.ts";
import { lastLlmCall } from "./final-answer.ts";

/** A bound on the work; answers rarely state more. */
const MOST_CLAIMS = 500;

/**
 * Scores 0 when the final answer states a number, date, time or id that nothing the agent saw contains and
 * that does not follow from what it saw in one step (a sum, a product, a percentage, a converted unit, a
 * date some days later).
 *
 * It says nothing about agents without tools, retrieval or memory: those answer from what the model knows.
 * Small counts without a unit are let pass. It is lenient on purpose, so a claim it lets pass is not proved.
 */
export function unsupportedClaim(): Scorer {
  const description =
    "Every number, date, time and id of the final answer was seen by the agent or follows from it.";
  return defineScorer("unsupported-claim", { description }, ({ trace }) => {
    const answers = answersOf(trace);
    const blind = answers.length === 0 ? "The trace records no answer." : whyBlind(trace);
    if (blind !== undefined) return { value: null, explanation: blind };
    const claims = readClaims(answers).slice(0, MOST_CLAIMS);
    if (claims.length === 0) {
      return { value: 1, label: "no-claims", explanation: "The answers state no number, date, time or id." };
    }
    const unsupported = new Seen(seenText(trace), trace.startTime).unsupported(claims);
    const metadata = { claims: claims.length, unsupported: unsupported.map((claim) => claim.text) };
    if (unsupported.length === 0) {
      const explanation = `All ${claims.length} number(s), date(s), time(s) and id(s) of the answer were seen or follow from what was seen.`;
      return { value: 1, label: "supported", explanation, metadata };
    }
    const quoted = unsupported.slice(0, 5).map((claim) => `${claim.kind} "${claim.text}"`);
    const more = unsupported.length > 5 ? ` and ${unsupported.length - 5} more` : "";
    return {
      value: 0,
      label: "unsupported",
      explanation: `The answer states ${quoted.join(", ")}${more}; no message, tool result or document that the agent saw contains it.`,
      evidence: [spanOf(trace, unsupported[0])],
      metadata,
    };
  });
}

/** The LLM call that first wrote the claim, else the last one. */
function spanOf(trace: Trace, claim: Claim | undefined): string | null {
  const author = trace.llmCalls.find((call) =>
    call.output?.some((message) => claim !== undefined && textOf(message).includes(claim.text)),
  );
  return author?.spanId ?? lastLlmCall(trace)?.spanId ?? trace.rootSpanId;
}

/** Why the trace does not show what the agent saw; undefined when it does. */
function whyBlind(trace: Trace): string | undefined {
  const sources = trace.toolCalls.length + trace.retrievals.length + trace.memoryOperations.length;
  if (sources + trace.toolDefinitions.length === 0) {
    return "The agent has no tool, retrieval or memory, so its answer rests on what the model knows.";
  }
  const heard = trace.messages.some((message) =>
    message.parts.some((part) => part.type === "tool_result" && part.result !== undefined),
  );
  const silent = trace.toolCalls.find((call) => call.result === undefined && call.error === null);
  if (silent !== undefined && !heard) {
    return `The result of tool ${silent.name} is not recorded, so it is unknown what the agent saw.`;
  }
  return undefined;
}
