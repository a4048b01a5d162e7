import { passed, type Score } from "../core/score.ts";
import type { Trace } from "../core/trace.ts";

/** A run in a few lines of foreign text: calls of tools with what came back, the answer, the failing scores. */
export function briefSteps({
  trace,
  scores,
}: {
  readonly trace: Trace;
  readonly scores: readonly Score[];
}): readonly string[] {
  const tools = trace.toolCalls.map((call) => {
    const came = call.error
      ? `failed: ${call.error.message ?? call.error.type}`
      : `→ ${JSON.stringify(call.result) ?? "?"}`;
    return `${call.name} ${JSON.stringify(call.arguments) ?? ""} ${came}`;
  });
  const failing = scores.filter((score) => passed(score) === false);
  return [
    ...tools,
    `answer: ${trace.output ?? "(none)"}`,
    failing.length === 0
      ? "every scorer passed"
      : failing.map((score) => `${score.name}: ${score.explanation ?? score.value}`).join(" "),
  ];
}
