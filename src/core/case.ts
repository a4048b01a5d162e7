import type { JsonValue } from "./json.ts";
import type { FinishReason, Message } from "./message.ts";
import type { ToolDefinition, Usage } from "./trace.ts";

/**
 * One situation to try again, and what must hold: one line of `evals/datasets/<name>.jsonl`, and what a
 * `command` task reads on stdin.
 */
export interface Case {
  readonly v: 1;
  /** Unique in its dataset. Harvested cases get a hash of their input. */
  readonly id: string;
  readonly input: { readonly messages: readonly Message[] };
  /** Reference for scorers that compare; any JSON. */
  readonly expected?: JsonValue;
  /** Names of the scorers that must pass. */
  readonly mustPass: readonly string[];
  /** Labels of any kind. By convention `severity:critical`, `severity:high` and `severity:low` weigh in the gate. */
  readonly tags: readonly string[];
  readonly source: CaseSource;
  /** A person's decision. Absent: nobody has looked yet (quarantined). */
  readonly review?: Review;
  /** Hash of `evals/recordings/<hash>.json`. */
  readonly recording?: string;
}

/** Where a case comes from. */
export type CaseSource =
  | { readonly kind: "written"; readonly note?: string }
  | {
      readonly kind: "trace";
      readonly traceId: string;
      /** ISO 8601, UTC. */
      readonly endedAt: string;
      readonly service?: string;
      readonly agent?: string;
      readonly agentVersion?: string;
      /** What the agent answered then. */
      readonly answer?: string;
      /** Who condemned it, and why. */
      readonly condemned: readonly Condemnation[];
    };

/** One failing score, as harvested. */
export interface Condemnation {
  readonly scorer: string;
  readonly version: string;
  readonly value: number;
  readonly label: string | null;
  readonly explanation: string | null;
}

/** What a person decided about a case. */
export interface Review {
  readonly decision: "accepted" | "rejected" | "retired";
  readonly by?: string;
  /** ISO 8601, UTC. */
  readonly at?: string;
  readonly note?: string;
}

/** A list of cases with one name. */
export interface Dataset {
  readonly name: string;
  readonly path: string;
  readonly cases: readonly Case[];
}

/** What tools and models answered in the run a case was harvested from; redacted, size-capped. */
export interface Recording {
  readonly v: 1;
  readonly traceId: string;
  /** When the run began, Unix ms: the clock that a replay offers to the agent. */
  readonly startedAt?: number;
  /** Tools first, then retrievals, then memory; each kind in order. */
  readonly toolCalls: readonly RecordedCall[];
  /** In order. */
  readonly llmCalls: readonly RecordedLlmCall[];
  /** The tools as they were offered to the models. Absent when the run does not tell. */
  readonly toolDefinitions?: readonly ToolDefinition[];
  /** Values replaced before writing, by rule id. */
  readonly redactions: { readonly [rule: string]: number };
  /** True when calls were left out because of the size cap. */
  readonly truncated: boolean;
}

/**
 * One recorded call of a tool, of a retriever (named `retrieval`, its documents as result) or of a memory (named
 * by its operation, e.g. `search_memory`, its records as result).
 */
export interface RecordedCall {
  /** Absent: a tool. */
  readonly kind?: "retrieval" | "memory";
  readonly name: string;
  readonly arguments?: JsonValue;
  readonly result?: JsonValue;
  /** `<type>: <message>`. */
  readonly error: string | null;
}

/** One recorded call of a model. */
export interface RecordedLlmCall {
  readonly provider?: string;
  /** The model that answered, else the one requested. */
  readonly model: string | null;
  readonly requestModel?: string;
  /** What it was asked, as far as it tells a changed request from the same. Absent in older recordings. */
  readonly request?: RequestFingerprint;
  readonly output: readonly Message[] | null;
  readonly finishReason: FinishReason | null;
  readonly usage?: Usage;
  /** `<type>: <message>` of a call that failed. */
  readonly error?: string;
}

/** A request to a model in a few words; what nobody recorded is absent. */
export interface RequestFingerprint {
  /** Hash of the system prompt. */
  readonly system?: string;
  /** Turns of the model before this call. */
  readonly turns?: number;
  /** Hash of the messages since the model's last turn. */
  readonly news?: string;
  /** The beginning of these messages, redacted, to show to a person. */
  readonly preview?: string;
}

/**
 * The life of a case, derived from review and history, never set by hand.
 *
 * `quarantined`: harvested, nobody has looked. `open`: accepted, main still fails it; never blocks.
 * `guarding`: main passes it by its history; a change that breaks it is blocked. `retired`: out of use,
 * also when rejected.
 */
export type CaseState = "quarantined" | "open" | "guarding" | "retired";
