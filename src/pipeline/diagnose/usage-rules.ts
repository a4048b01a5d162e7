import type { Observation } from "./observation.ts";
import { someOf, soundCalls, spansOfIssue } from "./observation.ts";
import type { Rule } from "./rule.ts";

const hasCalls = (observation: Observation) => soundCalls(observation).length > 0;

const ASK_STREAMS_FOR_USAGE =
  "For streamed OpenAI chats ask for usage: stream_options: { include_usage: true }.";

/** Rules about tokens, cost, models and how calls ended. */
export const usageRules: readonly Rule[] = [
  {
    code: "usage-missing",
    severity: "warning",
    finding: "No tokens are recorded.",
    costs: "Neither tokens nor cost can be limited or compared.",
    blinds: ["budget"],
    applies: hasCalls,
    find: (observation) =>
      Object.keys(observation.trace.usage).length > 0
        ? null
        : someOf(soundCalls(observation).map((call) => call.spanId)),
    mend: {
      other: `Record gen_ai.usage.input_tokens and gen_ai.usage.output_tokens on the spans of model calls. ${ASK_STREAMS_FOR_USAGE}`,
    },
  },
  {
    code: "usage-partial",
    severity: "warning",
    finding: "Some model calls record tokens and others do not, so the sums are too low.",
    costs: "Budgets pass that should fail.",
    blinds: ["budget"],
    applies: hasCalls,
    find: (observation) => spansOfIssue(observation, "partial-usage"),
    mend: { other: ASK_STREAMS_FOR_USAGE },
  },
  {
    code: "tokens-estimated",
    severity: "warning",
    finding: "Token counts come from a tokenizer, not from the provider.",
    costs: "Tokens and cost are wrong, by several times where tools or caches are used.",
    blinds: ["budget"],
    applies: hasCalls,
    find: (observation) => spansOfIssue(observation, "estimated-tokens"),
    mend: {
      traceloop: `${ASK_STREAMS_FOR_USAGE} Or use an instrumentation that reads the provider's figures.`,
      other: ASK_STREAMS_FOR_USAGE,
    },
  },
  {
    code: "usage-aggregate-only",
    severity: "hint",
    finding: "Tokens are known only as a sum over the run, not by call.",
    costs: "The call that costs most cannot be found.",
    blinds: [],
    applies: (observation) => Object.keys(observation.trace.usage).length > 0,
    find: ({ trace, spans }) =>
      trace.llmCalls.some((call) => call.usage.inputTokens !== undefined)
        ? null
        : spansOfIssue({ trace, spans }, "aggregate-usage"),
    mend: { other: "Instrument the model client too, so that each call has a span with its own usage." },
  },
  {
    code: "model-missing",
    severity: "warning",
    finding: "Model calls do not name their model.",
    costs: "There is no price and no way to compare models.",
    blinds: [],
    applies: hasCalls,
    find: (observation) =>
      someOf(soundCalls(observation).flatMap((call) => (call.model === undefined ? [call.spanId] : []))),
    mend: { other: "Record gen_ai.request.model and gen_ai.response.model." },
  },
  {
    code: "model-unpriced",
    severity: "hint",
    finding: "Models are used that the price table does not have, and the sender reports no cost.",
    costs: "The cost of the run is too low or unknown.",
    blinds: [],
    applies: hasCalls,
    find: ({ trace }) =>
      trace.cost.unpricedModels.length === 0
        ? null
        : (someOf(
            trace.llmCalls
              .filter((call) => call.cost === undefined && call.model !== undefined)
              .map((call) => call.spanId),
          ) ?? []),
    names: ({ trace }) => trace.cost.unpricedModels,
    mend: { other: "Record the cost in USD on the spans of model calls (gen_ai.usage.cost)." },
  },
  {
    code: "finish-reason-missing",
    severity: "warning",
    finding: "Model calls do not say why the model stopped.",
    costs: "Answers that were cut off look whole.",
    blinds: ["finish-reason"],
    applies: hasCalls,
    find: (observation) =>
      someOf(
        soundCalls(observation).flatMap((call) => (call.finishReason === undefined ? [call.spanId] : [])),
      ),
    mend: { other: "Record gen_ai.response.finish_reasons, or upgrade the instrumentation." },
  },
];
