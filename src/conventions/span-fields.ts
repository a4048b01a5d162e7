import type { JsonValue } from "../core/json.ts";
import type { FinishReason, Message } from "../core/message.ts";
import type {
  Annotation,
  ErrorInfo,
  RetrievedDocument,
  SamplingParameters,
  SpanType,
  ToolDefinition,
  Usage,
} from "../core/trace.ts";

/**
 * What a dialect reads from one span: a partial canonical span. A field is absent when the span does not
 * carry it; a recorded empty value stays empty.
 */
export interface SpanFields {
  readonly type?: SpanType;
  /** OTel operation name, e.g. `search_memory`. */
  readonly operation?: string;
  /** The span says itself that it is the root of the run. */
  readonly isRoot?: boolean;

  readonly provider?: string;
  readonly requestModel?: string;
  readonly responseModel?: string;
  readonly responseId?: string;
  readonly parameters?: SamplingParameters;
  readonly systemInstructions?: string;
  readonly inputMessages?: readonly Message[];
  readonly outputMessages?: readonly Message[];
  /** What went in and out as text, where the span has texts instead of messages. */
  readonly input?: string;
  readonly output?: string;
  readonly finishReason?: FinishReason;
  readonly usage?: Usage;
  /** True when the token counts come from a tokenizer, not from the provider. */
  readonly tokensEstimated?: boolean;
  /** True when cache or reasoning tokens that the sender counts apart were added to `usage`. */
  readonly tokensAdjusted?: boolean;
  /** True when the sender says that it cut the recorded messages. */
  readonly contentCut?: boolean;
  /** USD, as reported. */
  readonly cost?: number;
  readonly timeToFirstTokenMs?: number;
  readonly retries?: number;
  readonly prompt?: { readonly name?: string; readonly version?: string };

  readonly tool?: {
    readonly name?: string;
    readonly callId?: string;
    readonly arguments?: JsonValue;
    readonly result?: JsonValue;
  };
  readonly toolDefinitions?: readonly ToolDefinition[];
  readonly retrieval?: { readonly query?: string; readonly documents?: readonly RetrievedDocument[] };
  readonly memory?: { readonly storeId?: string; readonly query?: string; readonly records?: JsonValue };
  /** A fault that the span shows by other means than its status and exception events. */
  readonly error?: ErrorInfo;

  readonly agent?: {
    readonly name?: string;
    readonly version?: string;
    readonly id?: string;
    /** The span's own name, for want of a better one. */
    readonly fallbackName?: string;
  };
  readonly sessionId?: string;
  readonly userId?: string;
  readonly organisationId?: string;
  readonly feature?: string;
  readonly environment?: string;
  readonly outcome?: string;
  readonly rationale?: string;
  readonly tags?: readonly string[];
  readonly annotations?: readonly Omit<Annotation, "spanId">[];

  /** Attribute keys that went into the fields above, or repeat them. */
  readonly used?: ReadonlySet<string>;
}
