/**
 * A kind of step that a judge may be shown besides what was said.
 *
 * `tools`: calls and results; `retrievals`: queries and documents; `memory`: reads and writes; `models`: that a model was called, and how
 * it ended; `reasons`: why the agent decided as it did, in its own words; `agents`: that an agent was called, what it was given
 * and what it returned; `definitions`: the tools as they were offered to the models.
 */
export type ContextPart = "tools" | "retrievals" | "memory" | "models" | "reasons" | "agents" | "definitions";

/**
 * How much of a trace a judge is shown: a list of parts, or a name for a usual one. `answer`: only what was said. `evidence`: also
 * what tools, retrievals and memory gave. `trajectory`: every step. Errors are always shown, but for `answer`.
 */
export type JudgeContext = "answer" | "evidence" | "trajectory" | readonly ContextPart[];

const EVIDENCE: readonly ContextPart[] = ["tools", "retrievals", "memory"];

/** The parts that a context stands for. */
export function contextParts(context: JudgeContext): ReadonlySet<ContextPart> {
  switch (context) {
    case "answer":
      return new Set();
    case "evidence":
      return new Set(EVIDENCE);
    case "trajectory":
      return new Set([...EVIDENCE, "models", "reasons"]);
    default:
      return new Set(context);
  }
}
