import type { LlmCall, ToolCall, Trace } from "../../core/trace.ts";
import { type Family, familyOf } from "./instrumentation.ts";
import type { Observation } from "./observation.ts";
import { someOf, soundCalls, spansOfIssue, spansWhere } from "./observation.ts";
import type { Mend, Rule } from "./rule.ts";

/** How each instrumentation is told to record texts. */
const RECORD_TEXT: Mend = {
  "otel-javascript":
    "Set OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true (or captureMessageContent in its options), and export log records too: the text travels in them, to /v1/logs.",
  "otel-python":
    "Set OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true and export log records too (OTEL_LOGS_EXPORTER=otlp). With OTEL_SEMCONV_STABILITY_OPT_IN=gen_ai_latest_experimental, SPAN_ONLY instead of true puts the text on the spans.",
  traceloop: "TRACELOOP_TRACE_CONTENT must not be false, nor traceContent in initialize().",
  openinference:
    "OPENINFERENCE_HIDE_INPUTS, _HIDE_OUTPUTS, _HIDE_INPUT_MESSAGES, _HIDE_OUTPUT_MESSAGES, _HIDE_INPUT_TEXT and _HIDE_OUTPUT_TEXT must not be true, nor the same in the trace configuration.",
  "ai-sdk": "recordInputs and recordOutputs must not be false in the telemetry settings of the call.",
  "anthropic-sdk":
    "Set ANTHROPIC_OPEN_TELEMETRY_TRACES_CONTENT_MODE=content (or contentMode: 'content' in the client's openTelemetry.traces).",
  langfuse: "Do not mask inputs and outputs, and do not switch their capture off in observe().",
  langsmith: "LANGSMITH_HIDE_INPUTS and LANGSMITH_HIDE_OUTPUTS must not be true.",
  "google-adk": "ADK_CAPTURE_MESSAGE_CONTENT_IN_SPANS must not be false.",
  "pydantic-ai": "include_content must not be False in InstrumentationSettings.",
  "agent-framework": "Set ENABLE_SENSITIVE_DATA=true (Python) or EnableSensitiveData = true (.NET).",
  other:
    "Record gen_ai.input.messages and gen_ai.output.messages on the spans of model calls. If the text is there under names of your own, name them under conventions.names of the configuration.",
};

/** Families whose text travels in log records. */
const SPEAKS_IN_LOGS = new Set<Family>(["otel-javascript", "otel-python"]);

const isSilent = (call: LlmCall) => call.input === undefined && call.output === undefined;

/** The calls of a trace in which none has any text; `inLogs`: those whose text would be in log records, of which none arrived. */
function silentCalls(observation: Observation, inLogs: boolean): readonly string[] | null {
  const waitForLogs = new Set(
    spansWhere(
      observation,
      ({ scope, events }) => SPEAKS_IN_LOGS.has(familyOf(scope.name)) && !events.some(isGenAiEvent),
    ),
  );
  const calls = soundCalls(observation);
  if (!calls.every(isSilent)) return null;
  return someOf(calls.map((call) => call.spanId).filter((spanId) => waitForLogs.has(spanId) === inLogs));
}

function isGenAiEvent({ name }: { readonly name: string }): boolean {
  return name.startsWith("gen_ai.");
}

/** A call that is known only from the last model call may never have been run. */
function wasRun(call: ToolCall, { llmCalls }: Trace): boolean {
  return call.spanId !== null || call.parentSpanId !== llmCalls.at(-1)?.spanId;
}

const hasCalls = ({ trace }: Observation) => trace.llmCalls.length > 0;
const hasTools = ({ trace }: Observation) => trace.toolCalls.length > 0;

/** Rules about texts: messages, arguments, results, documents. */
export const contentRules: readonly Rule[] = [
  {
    code: "content-off",
    severity: "serious",
    finding: "Model calls are recorded without their messages.",
    costs: "Nobody can tell what was asked and answered, and no failure can become a case.",
    blinds: ["groundedness", "instruction-following", "no-final-answer", "unsupported-claim"],
    applies: hasCalls,
    find: (observation) => silentCalls(observation, false),
    mend: RECORD_TEXT,
  },
  {
    code: "content-in-logs",
    severity: "serious",
    finding: "This instrumentation sends messages as log records, and none arrived for these model calls.",
    costs: "Nobody can tell what was asked and answered, and no failure can become a case.",
    blinds: ["groundedness", "instruction-following", "no-final-answer", "unsupported-claim"],
    applies: hasCalls,
    find: (observation) => silentCalls(observation, true),
    mend: RECORD_TEXT,
  },
  {
    code: "content-partial",
    severity: "warning",
    finding: "Some model calls are recorded without their messages, although others have them.",
    costs: "Part of what was said is not seen, or a step that is no model call is recorded as one.",
    blinds: ["groundedness"],
    applies: hasCalls,
    find: (observation) => {
      const silent = soundCalls(observation).filter(isSilent);
      if (silent.length === soundCalls(observation).length) return null;
      return someOf(silent.map((call) => call.spanId));
    },
    mend: {
      other:
        "Look at the span: where streams are left early, read them to the end; where it is no model call, give it another kind.",
    },
  },
  {
    code: "output-missing",
    severity: "serious",
    finding: "Model calls are recorded with their input but without what the model answered.",
    costs: "There is no answer to judge.",
    blinds: ["groundedness", "instruction-following", "unsupported-claim"],
    applies: hasCalls,
    find: (observation) =>
      someOf(
        soundCalls(observation)
          .filter((call) => call.output === undefined && call.input !== undefined)
          .map((call) => call.spanId),
      ),
    mend: RECORD_TEXT,
  },
  {
    code: "input-missing",
    severity: "warning",
    finding: "Model calls are recorded with their output but without what the model was given.",
    costs: "What the answer rests on cannot be seen, and the failure cannot be replayed.",
    blinds: ["groundedness", "instruction-following"],
    applies: hasCalls,
    find: (observation) =>
      // Some frameworks put the input on the step around the call; then the conversation has it all the same.
      observation.trace.messages.some((message) => message.role === "user")
        ? null
        : someOf(
            soundCalls(observation)
              .filter((call) => call.input === undefined && call.output !== undefined)
              .map((call) => call.spanId),
          ),
    mend: RECORD_TEXT,
  },
  {
    code: "tool-results-missing",
    severity: "serious",
    finding: "Tool calls are recorded without what the tool returned.",
    costs: "Whether an answer rests on facts cannot be told, and a recorded case has nothing to replay.",
    blinds: ["groundedness", "unsupported-claim", "tool-errors"],
    applies: hasTools,
    find: ({ trace }) =>
      someOf(
        trace.toolCalls
          .filter((call) => call.result === undefined && call.error === null && wasRun(call, trace))
          .map((call) => call.spanId ?? call.parentSpanId),
      ),
    mend: { ...RECORD_TEXT, other: "Put gen_ai.tool.call.result on the span of the tool call." },
  },
  {
    code: "tool-arguments-missing",
    severity: "warning",
    finding: "Tool calls are recorded without their arguments.",
    costs: "Repeated calls cannot be told from different ones.",
    blinds: ["retry-loop"],
    applies: hasTools,
    find: ({ trace }) =>
      someOf(
        trace.toolCalls
          .filter((call) => call.arguments === undefined)
          .map((call) => call.spanId ?? call.parentSpanId),
      ),
    mend: { ...RECORD_TEXT, other: "Put gen_ai.tool.call.arguments on the span of the tool call." },
  },
  {
    code: "documents-missing",
    severity: "warning",
    finding: "Look-ups are recorded without the documents they found.",
    costs: "Whether an answer rests on the documents cannot be told.",
    blinds: ["groundedness", "unsupported-claim"],
    applies: ({ trace }) => trace.retrievals.length > 0,
    find: ({ trace }) =>
      someOf(
        trace.retrievals
          .filter((call) => call.documents === undefined && call.error === null)
          .map((call) => call.spanId),
      ),
    mend: {
      ...RECORD_TEXT,
      other: "Put gen_ai.retrieval.documents (id, score, content) on the span of the look-up.",
    },
  },
  {
    code: "system-instructions-missing",
    severity: "hint",
    finding: "No system instructions are recorded.",
    costs: "Whether the agent kept to them cannot be judged.",
    blinds: ["instruction-following"],
    // Without any text, the rules above say so.
    applies: (observation) => soundCalls(observation).some((call) => !isSilent(call)),
    find: ({ trace }) => (trace.systemInstructions === undefined ? [] : null),
    mend: { other: "Record gen_ai.system_instructions, or the system message among the input messages." },
  },
  {
    code: "content-cut",
    severity: "warning",
    finding: "The sender cut the messages it recorded.",
    costs: "Judges read less than the agent did.",
    blinds: [],
    find: (observation) => spansOfIssue(observation, "content-cut"),
    mend: {
      other:
        "Raise OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT and OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT, or the limit of the instrumentation itself.",
    },
  },
  {
    code: "text-under-unknown-names",
    severity: "hint",
    finding: "Longer texts stand under attribute names that no convention knows.",
    costs: "They are shown, but no scorer reads them.",
    blinds: [],
    find: (observation) => someOf(spansWithUnknownText(observation).map(({ spanId }) => spanId)),
    names: (observation) => spansWithUnknownText(observation).flatMap(({ names }) => names),
    mend: {
      other:
        'If one of them is the input, the output or the like, name it under conventions.names of the configuration, e.g. { output: ["my.answer"] }.',
    },
  },
];

/** Words in a text from which it is taken for something that a person or a model wrote. */
const WORDS = 8;

/** Only where the trace has no answer: otherwise they are details that nobody misses. */
function spansWithUnknownText({ trace }: Observation) {
  if (trace.input !== undefined && trace.output !== undefined) return [];
  return trace.spans.flatMap(({ spanId, attributes }) => {
    const names = Object.entries(attributes).flatMap(([name, value]) =>
      typeof value === "string" && value.slice(0, 2_000).split(/\s+/).length >= WORDS ? [name] : [],
    );
    return names.length > 0 ? [{ spanId, names }] : [];
  });
}
