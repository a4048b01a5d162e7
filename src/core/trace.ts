import type { JsonValue } from "./json.ts";
import type { FinishReason, Message } from "./message.ts";
import type { Attributes, SpanKind, StatusCode } from "./span.ts";

/**
 * One finished agent run: its spans and what is derived from them. This type *is* what
 * `tracegate show --format json` prints.
 *
 * Ids are lower-case hex, times Unix ms, durations ms, costs USD, counts of tokens whole numbers.
 * **Absent** means nobody recorded it; **empty** (`""`, `[]`) means it was recorded and is empty;
 * **null** means it is known to be nothing (`rootSpanId: null`: no root arrived; `error: null`: the
 * call ended without one), with the one exception of `retries`, where null means "cannot be known".
 */
export interface Trace {
  readonly schema: "tracegate.trace/1";
  readonly traceId: string;
  /** 1 for the first completion; late spans make 2, 3, ... */
  readonly revision: number;
  /** Why the trace was taken to be complete; absent for traces read from files. */
  readonly completion?: CompletionReason;
  readonly rootSpanId: string | null;
  readonly name: string;
  readonly startTime: number;
  readonly endTime: number;
  readonly durationMs: number;
  readonly service: { readonly name?: string; readonly version?: string; readonly environment?: string };
  readonly agent: { readonly name?: string; readonly version?: string; readonly id?: string };
  readonly sessionId?: string;
  readonly userId?: string;
  readonly organisationId?: string;
  readonly feature?: string;
  readonly tags: readonly string[];
  /** What the application itself said became of the run, e.g. `resolved`. */
  readonly outcome?: string;
  /** The request that started the run, as text. */
  readonly input?: string;
  /** The final answer, as text. */
  readonly output?: string;
  readonly systemInstructions?: string;
  /** The conversation once, in order, without system messages: rebuilt over all LLM calls. */
  readonly messages: readonly Message[];
  readonly toolDefinitions: readonly ToolDefinition[];
  readonly llmCalls: readonly LlmCall[];
  readonly toolCalls: readonly ToolCall[];
  readonly retrievals: readonly Retrieval[];
  readonly memoryOperations: readonly MemoryOperation[];
  /** Calls of one agent by another; absent when there is none. */
  readonly agentCalls?: readonly AgentCall[];
  readonly rationales: readonly Rationale[];
  /** Sums over the LLM calls, each call once; the root's own figures only where it has no LLM call below it. */
  readonly usage: Usage;
  readonly cost: Cost;
  readonly errors: readonly TraceError[];
  /** Retries seen; null where the instrumentation cannot show them. */
  readonly retries: number | null;
  /** Scores that arrived with the trace, from other evaluators. */
  readonly annotations: readonly Annotation[];
  /** By start time, parents before their children where times tie. */
  readonly spans: readonly TraceSpan[];
  readonly quality: Quality;
}

/**
 * Why a trace was taken to be complete: the sender said so; its root ended, all parents are known and
 * it was quiet; it was idle without a root; it hit the limit of age, spans or bytes.
 */
export type CompletionReason = (typeof COMPLETION_REASONS)[number];

/** All of {@link CompletionReason}. */
export const COMPLETION_REASONS = ["signalled", "root-ended", "rootless", "capped"] as const;

/** What a span does in the run. */
export type SpanType =
  | "agent"
  | "llm"
  | "tool"
  | "retrieval"
  | "embedding"
  | "memory"
  | "workflow"
  | "step"
  | "plan"
  | "guardrail"
  | "evaluator"
  | "other";

/** One span of the tree, without the texts that the calls below carry. */
export interface TraceSpan {
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly name: string;
  readonly kind: SpanKind;
  readonly type: SpanType;
  readonly startTime: number;
  readonly endTime: number;
  readonly durationMs: number;
  readonly status: { readonly code: StatusCode; readonly message?: string };
  readonly scope: string;
  /** Attributes that no dialect understood; those read into a field are left out. */
  readonly attributes: Attributes;
}

/** Tokens, each absent when not reported. Input includes cache reads and writes, output includes reasoning. */
export interface Usage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly cacheReadTokens?: number;
  readonly cacheWriteTokens?: number;
  readonly reasoningTokens?: number;
}

/** What the run cost. `usd` is absent when nothing can be said; it covers only the priced calls. */
export interface Cost {
  readonly usd?: number;
  /** `reported` by the sender, `estimated` from our price table, or a sum of `mixed` origin. */
  readonly source?: "reported" | "estimated" | "mixed";
  /** Date of the price table used, `YYYY-MM-DD`. */
  readonly pricesAsOf?: string;
  /** Models called that have no price; their tokens are not in `usd`. */
  readonly unpricedModels: readonly string[];
}

/** A fault of one span. */
export interface ErrorInfo {
  /** `error.type`, an exception's class, an HTTP status, or `_OTHER`. */
  readonly type: string;
  readonly message?: string;
}

/** A fault and where it happened. */
export interface TraceError extends ErrorInfo {
  readonly spanId: string;
}

/** Where and when a call happened. Times are absent for a call known only from messages. */
interface CallPlace {
  /** Null: no span of its own; the call is known from the messages of an LLM call. */
  readonly spanId: string | null;
  readonly parentSpanId: string | null;
  readonly startTime?: number;
  readonly endTime?: number;
  readonly durationMs?: number;
  /** The agent in whose span the call lies. */
  readonly agent?: string;
}

/** Sampling parameters as requested. */
export interface SamplingParameters {
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly maxTokens?: number;
  readonly seed?: number;
  readonly frequencyPenalty?: number;
  readonly presencePenalty?: number;
  readonly stopSequences?: readonly string[];
  readonly reasoningEffort?: string;
}

/** One call of a model. Embedding calls are not among them. */
export interface LlmCall extends CallPlace {
  readonly spanId: string;
  readonly provider?: string;
  /** The model that answered, else the one requested. */
  readonly model?: string;
  readonly requestModel?: string;
  readonly responseModel?: string;
  readonly responseId?: string;
  readonly parameters: SamplingParameters;
  readonly systemInstructions?: string;
  readonly input?: readonly Message[];
  readonly output?: readonly Message[];
  readonly finishReason?: FinishReason;
  readonly usage: Usage;
  readonly cost?: number;
  readonly timeToFirstTokenMs?: number;
  readonly promptName?: string;
  readonly promptVersion?: string;
  readonly retries: number | null;
  readonly error: ErrorInfo | null;
}

/** One call of a tool. */
export interface ToolCall extends CallPlace {
  readonly name: string;
  readonly callId?: string;
  readonly arguments?: JsonValue;
  /** Absent: not recorded. Null or empty: the tool returned nothing. */
  readonly result?: JsonValue;
  readonly error: ErrorInfo | null;
}

/** One look-up in a document store. */
export interface Retrieval extends CallPlace {
  readonly query?: string;
  readonly documents?: readonly RetrievedDocument[];
  readonly error: ErrorInfo | null;
}

/** A document that a retrieval returned. */
export interface RetrievedDocument {
  readonly id?: string;
  readonly content?: string;
  readonly score?: number;
  readonly metadata?: JsonValue;
}

/** One read or write of the agent's memory. */
export interface MemoryOperation extends CallPlace {
  /** OTel operation name, e.g. `search_memory`. */
  readonly operation: string;
  readonly storeId?: string;
  readonly query?: string;
  readonly records?: JsonValue;
  readonly error: ErrorInfo | null;
}

/** One call of an agent by another, or by what directs them. */
export interface AgentCall extends CallPlace {
  readonly spanId: string;
  readonly name: string;
  /** What was passed on: the last text it was given. */
  readonly given?: string;
  /** What it handed back. */
  readonly returned?: string;
  readonly error: ErrorInfo | null;
}

/** Why the agent decided as it did, in its own words. */
export interface Rationale {
  readonly spanId: string;
  readonly text: string;
}

/** A tool as it was offered to the model. */
export interface ToolDefinition {
  readonly name: string;
  readonly description?: string;
  /** JSON Schema of the arguments. */
  readonly parameters?: JsonValue;
}

/** A score that another evaluator had put on the trace. */
export interface Annotation {
  readonly spanId: string;
  readonly name: string;
  readonly value?: number;
  readonly label?: string;
  readonly explanation?: string;
  readonly annotatorKind?: string;
}

/** What the trace can and cannot tell. */
export interface Quality {
  /** Dialects found, by name, e.g. `otel-genai`. */
  readonly dialects: readonly string[];
  /** Canonical fields that nothing in the trace recorded, e.g. `output`, `usage`, `toolCalls.result`. */
  readonly missing: readonly string[];
  readonly issues: readonly QualityIssue[];
}

/** One defect of the trace itself, not of the agent. */
export interface QualityIssue {
  readonly code:
    | "rootless"
    | "several-roots"
    | "parent-missing"
    | "parent-cycle"
    | "unended-span"
    | "clock-skew"
    | "attributes-dropped"
    | "attributes-unreadable"
    | "duplicate-llm-span"
    | "aggregate-usage"
    | "estimated-tokens"
    | "adjusted-tokens"
    | "partial-usage"
    | "content-cut"
    | "joined-spans"
    | "broken-context"
    | "remote-agent-unseen"
    | "lost-hand-off"
    | "placeholders-left-out";
  readonly message: string;
  readonly spanIds: readonly string[];
}
