import type { Span } from "../../core/span.ts";
import { familyOf } from "./instrumentation.ts";
import { spansOfIssue, spansWhere } from "./observation.ts";
import type { Rule } from "./rule.ts";

/** Names that conventions up to 1.36 used and later ones replaced. */
const OLD_NAMES = [
  "gen_ai.usage.prompt_tokens",
  "gen_ai.usage.completion_tokens",
  "gen_ai.prompt",
  "gen_ai.completion",
];
const OLD_EVENTS = /^gen_ai\.((system|user|assistant|tool)\.message|choice|content\.(prompt|completion))$/;

/** Instrumentations that speak the old conventions until they are told otherwise. */
const CHOOSES = new Set(["otel-javascript", "otel-python", "strands", "pydantic-ai", "other"]);

function speaksOld({ attributes, events, scope }: Span): boolean {
  if (!CHOOSES.has(familyOf(scope.name)) || "gen_ai.provider.name" in attributes) return false;
  return (
    "gen_ai.system" in attributes ||
    OLD_NAMES.some((name) => name in attributes) ||
    events.some((event) => OLD_EVENTS.test(event.name))
  );
}

/** Rules about how the instrumentations are put together. */
export const setupRules: readonly Rule[] = [
  {
    code: "no-agent-spans",
    severity: "serious",
    finding: "There is neither a model call nor a tool call nor an agent in these traces.",
    costs: "There is nothing to judge.",
    blinds: [
      "groundedness",
      "instruction-following",
      "no-final-answer",
      "tool-errors",
      "finish-reason",
      "retry-loop",
      "unsupported-claim",
    ],
    find: ({ trace }) =>
      trace.llmCalls.length + trace.toolCalls.length + trace.retrievals.length > 0 ||
      trace.spans.some((span) => span.type !== "other")
        ? null
        : [],
    mend: {
      other:
        "Add an instrumentation of the model client or the agent framework, and set it up before that library is loaded. If your spans use names of your own, name them under conventions.names of the configuration.",
    },
  },
  {
    code: "double-instrumentation",
    severity: "warning",
    finding: "Two instrumentations record the same model calls.",
    costs: "Here each call is counted once; other backends count tokens and cost twice.",
    blinds: [],
    find: (observation) => spansOfIssue(observation, "duplicate-llm-span"),
    mend: {
      "anthropic-sdk":
        "The SDK records its calls by itself. Pass openTelemetry: false to the client, or remove the other instrumentation.",
      other: "Keep one instrumentation of this client and remove the other.",
    },
  },
  {
    code: "old-conventions",
    severity: "warning",
    finding: "Spans use names that the OpenTelemetry conventions have replaced.",
    costs: "They are read here, but newer facts (cached and reasoning tokens, tool results) are not in them.",
    blinds: [],
    find: (observation) => spansWhere(observation, speaksOld),
    mend: {
      "pydantic-ai": "Give InstrumentationSettings version=2 or a newer one.",
      other:
        "Set OTEL_SEMCONV_STABILITY_OPT_IN=gen_ai_latest_experimental. If nothing changes, upgrade the instrumentation.",
    },
  },
  {
    code: "attributes-dropped",
    severity: "serious",
    finding: "The SDK threw attributes away, because a span had more than its limit.",
    costs: "Messages of long conversations are missing.",
    blinds: ["groundedness", "unsupported-claim"],
    find: (observation) => spansOfIssue(observation, "attributes-dropped"),
    mend: { other: "Set OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT=4096 (the default is 128)." },
  },
  {
    code: "attributes-unreadable",
    severity: "warning",
    finding: "Attributes cannot be decoded.",
    costs: "What these spans say is lost.",
    blinds: [],
    find: (observation) => spansOfIssue(observation, "attributes-unreadable"),
    mend: { other: "The exporter or a proxy damages the body. Send OTLP with an official exporter." },
  },
  {
    code: "hand-rolled-names",
    severity: "hint",
    finding: "All that is known comes from attribute names made by hand.",
    costs: "Messages, tool calls and usage are read only as far as the names can be guessed.",
    blinds: [],
    find: ({ trace }) =>
      trace.quality.dialects.length > 0 && trace.quality.dialects.every((name) => BY_HAND.has(name))
        ? []
        : null,
    mend: {
      other: "Use the names of the OpenTelemetry GenAI conventions, or an instrumentation that does.",
    },
  },
];

const BY_HAND = new Set(["hand-rolled", "otel"]);
