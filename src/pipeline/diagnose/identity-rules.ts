import type { Observation } from "./observation.ts";
import { spansWhere } from "./observation.ts";
import type { Mend, Rule } from "./rule.ts";

/** The trace has an agent's work in it; a lone HTTP request needs no user. */
const isRun = ({ trace }: Observation) =>
  trace.llmCalls.length + trace.toolCalls.length > 0 || trace.spans.some((span) => span.type === "agent");

const whole = (isMissing: boolean) => (isMissing ? [] : null);

/** How the libraries are given facts about the run. */
function factOf(attribute: string, name: string): Mend {
  return {
    traceloop: `Give ${name} as an association property (withAssociationProperties, Traceloop.set_association_properties).`,
    openinference: `Set ${attribute} in the context around the run (setAttributes, using_attributes).`,
    "ai-sdk": `Give ${name} in the metadata (from version 7: the runtime context) of the telemetry settings.`,
    langfuse: `Give ${name} in propagateAttributes (propagate_attributes).`,
    langsmith: `Give ${name} in the metadata of the run.`,
    other: `Set ${attribute} on the root span.`,
  };
}

/** Rules about who ran what for whom, and what became of it. */
export const identityRules: readonly Rule[] = [
  {
    code: "user-missing",
    severity: "hint",
    finding: "No user is recorded.",
    costs: "A failure cannot be counted by the users it reached.",
    blinds: [],
    applies: isRun,
    find: ({ trace }) => whole(trace.userId === undefined),
    mend: factOf("user.id", "user_id (userId)"),
  },
  {
    code: "session-missing",
    severity: "hint",
    finding: "No session or conversation is recorded.",
    costs: "The traces of one conversation cannot be judged together.",
    blinds: [],
    applies: isRun,
    find: ({ trace }) => whole(trace.sessionId === undefined),
    mend: factOf("gen_ai.conversation.id or session.id", "session_id (sessionId)"),
  },
  {
    code: "outcome-missing",
    severity: "hint",
    finding: "The application does not say what became of the run.",
    costs:
      "What scorers say cannot be held against what really happened, and judges cannot be calibrated by it.",
    blinds: [],
    applies: isRun,
    find: ({ trace }) => whole(trace.outcome === undefined),
    mend: {
      other: "Set agent.outcome on the root span when the run ends, e.g. resolved, escalated, refused.",
    },
  },
  {
    code: "agent-name-missing",
    severity: "hint",
    finding: "The agent has no name.",
    costs: "Traces of different agents are thrown together.",
    blinds: [],
    applies: isRun,
    find: ({ trace }) => whole(trace.agent.name === undefined),
    mend: {
      "ai-sdk": "Give functionId in the telemetry settings of the call.",
      other: "Set gen_ai.agent.name on the agent's span.",
    },
  },
  {
    code: "agent-version-missing",
    severity: "warning",
    finding: "Neither the agent nor its service has a version.",
    costs: "A drop in quality cannot be laid to a release.",
    blinds: [],
    applies: isRun,
    find: ({ trace }) => whole(trace.agent.version === undefined && trace.service.version === undefined),
    mend: {
      other:
        "Set OTEL_RESOURCE_ATTRIBUTES=service.version=<release or commit>, or gen_ai.agent.version on the agent's span.",
    },
  },
  {
    code: "service-name-missing",
    severity: "warning",
    finding: "The service has no name, or the one that the SDK makes up.",
    costs: "Traces of different services are thrown together.",
    blinds: [],
    find: ({ trace }) =>
      whole(trace.service.name === undefined || /^unknown_service/.test(trace.service.name)),
    mend: { other: "Set OTEL_SERVICE_NAME." },
  },
  {
    code: "completion-signal-missing",
    severity: "hint",
    finding: "The application does not say when a run is over.",
    costs: "Each trace is scored only after a time of quiet.",
    blinds: [],
    applies: isRun,
    find: (observation) =>
      whole(
        observation.trace.completion !== "signalled" &&
          spansWhere(observation, ({ attributes }) => attributes["tracegate.trace.complete"] === true) ===
            null,
      ),
    mend: {
      other:
        "Set tracegate.trace.complete = true on the span that ends last, usually the root, or post to /v1/traces/<trace id>/complete.",
    },
  },
];
