import type { ModelReply, ModelRequest } from "tracegate/testing";

/** Numbers and dates that stand alone, so not those inside ids. */
const NUMBER = /(?<![\w.-])\d+(?:[.-]\d+)*(?![\w-])/g;

/**
 * A stand-in for a judge model: it reads the record as a judge would get it and answers by two rules. A
 * number in the final answer that stands nowhere else, or a promise about a step that failed, is unsupported.
 */
export function simulatedJudge(request: ModelRequest): ModelReply {
  const record = request.messages
    .filter((message) => message.role === "user")
    .flatMap((message) => message.parts.flatMap((part) => (part.type === "text" ? [part.content] : [])))
    .join("\n");
  const [before = "", answer = ""] = record.split("# Final answer\n");
  const told = answer.split("<<end of trace")[0] ?? "";
  const numbers = told.match(NUMBER) ?? [];
  const seen = new Set(before.match(NUMBER));
  const madeUp = numbers.filter((number) => !seen.has(number));
  const failed = /^#\d+ ([0-9a-f]{16}) tool \S+ error/m.exec(before);
  const promised = failed && /on its way/.test(told);
  return {
    text: JSON.stringify({
      rationale:
        madeUp.length > 0
          ? `Nothing the agent saw says ${madeUp.join(" or ")}.`
          : promised
            ? "The answer promises a refund, but the step that should make it failed."
            : "Every number in the answer stands in what the tools returned.",
      evidence: promised && failed[1] ? [failed[1]] : [],
      label: madeUp.length > 0 || promised ? "no" : "yes",
    }),
  };
}
