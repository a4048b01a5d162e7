import type { Observation } from "./observation.ts";
import { spansOfIssue, spansWhere } from "./observation.ts";
import type { Rule } from "./rule.ts";

/** Of the parts that stand apart from their run, MCP servers or others. */
function cutOff(observation: Observation, areMcp: boolean): readonly string[] | null {
  const named = new Set(spansOfIssue(observation, "broken-context"));
  return spansWhere(
    observation,
    (span) => named.has(span.spanId) && "mcp.method.name" in span.attributes === areMcp,
  );
}

/** True when something more exact is said of these spans already. */
function isExplained(observation: Observation, spanIds: readonly string[]): boolean {
  const named = new Set(spansOfIssue(observation, "broken-context"));
  return spanIds.length > 0 && spanIds.some((spanId) => named.has(spanId));
}

function unexplained(code: string): Rule["find"] {
  return (observation) => {
    const spanIds = spansOfIssue(observation, code);
    return spanIds && isExplained(observation, spanIds) ? null : spanIds;
  };
}

/** Rules about what holds the spans of a run together. */
export const contextRules: readonly Rule[] = [
  {
    code: "mcp-context-broken",
    severity: "serious",
    finding: "Spans of an MCP server stand apart from the run that called it.",
    costs:
      "What the tool did is missing in the agent's trace, and what is left of it is scored as a run of its own.",
    blinds: ["tool-errors"],
    find: (observation) => cutOff(observation, true),
    mend: {
      other:
        "Let the MCP client send its context and the server take it: traceparent in params._meta of each request. Instrument both sides.",
    },
  },
  {
    code: "hand-off-broken",
    severity: "serious",
    finding: "An agent stands apart from the run that called it.",
    costs: "Each part is scored as if it were the whole run.",
    blinds: ["no-final-answer", "groundedness"],
    find: (observation) => cutOff(observation, false),
    mend: {
      other:
        "Send traceparent with the hand-off (HTTP header, message metadata) and begin the other agent's span in that context.",
    },
  },
  {
    code: "hand-off-lost",
    severity: "warning",
    finding: "The run was handed to agents of which no span arrived.",
    costs: "What they did is not seen.",
    blinds: [],
    find: (observation) => spansOfIssue(observation, "lost-hand-off"),
    mend: { other: "Instrument the other agents too, send their spans here, and hand them the context." },
  },
  {
    code: "remote-agent-unseen",
    severity: "warning",
    finding: "A remote agent was called of which no span arrived.",
    costs: "What it did, spent and got wrong is not seen.",
    blinds: [],
    find: (observation) => spansOfIssue(observation, "remote-agent-unseen"),
    mend: { other: "Instrument the remote agent, send its spans here, and send traceparent with the call." },
  },
  {
    code: "root-missing",
    severity: "warning",
    finding: "The root span never came.",
    costs:
      "The trace is scored only after a long time of quiet, and its input and answer are guessed from its parts.",
    blinds: [],
    find: unexplained("rootless"),
    mend: {
      openinference:
        "Flush the tracer provider before the process ends, also when the run fails: the root ends last.",
      other:
        "End the root span in a finally, and flush the tracer provider before the process ends. A sampler that drops the parent and keeps its children does the same: use a parent-based one.",
    },
  },
  {
    code: "several-roots",
    severity: "warning",
    finding: "Several spans of one trace have no parent.",
    costs: "Which of them is the run cannot be told.",
    blinds: [],
    find: unexplained("several-roots"),
    mend: {
      other: "Begin one span around the whole run, and keep its context across callbacks and threads.",
    },
  },
  {
    code: "parent-missing",
    severity: "warning",
    finding: "Spans name a parent that never came.",
    costs: "Steps are missing, and the trace is taken to be complete only after a long time of quiet.",
    blinds: [],
    find: unexplained("parent-missing"),
    mend: {
      other:
        "Send the spans of every process of the run here, with the same sampling decision, and flush before a process ends. If the parent is a gateway's span that is never exported, take the context from the agent's own span.",
    },
  },
  {
    code: "parent-cycle",
    severity: "warning",
    finding: "Spans are their own ancestors.",
    costs: "Their order is made up.",
    blinds: [],
    find: (observation) => spansOfIssue(observation, "parent-cycle"),
    mend: { other: "Span ids are reused, or a proxy rewrites them. Let the SDK make them." },
  },
  {
    code: "span-not-ended",
    severity: "warning",
    finding: "Spans were sent that never ended.",
    costs: "Durations are unknown, and a failure that ended the run is not seen.",
    blinds: ["budget"],
    find: (observation) => spansOfIssue(observation, "unended-span"),
    mend: { other: "End spans in a finally, also when the stream is left or the run is cancelled." },
  },
  {
    code: "clock-skew",
    severity: "warning",
    finding: "Spans begin before their parent or end before they begin.",
    costs: "The order of steps and all durations are in doubt.",
    blinds: ["budget"],
    find: (observation) => spansOfIssue(observation, "clock-skew"),
    mend: { other: "Synchronise the clocks of the machines (NTP), and let the SDK set the times of spans." },
  },
];
