import type { JsonObject, JsonValue } from "./json.ts";
import type { Message } from "./message.ts";

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
  readonly toolCalls: readonly RecordedCall[];
  readonly llmCalls: readonly JsonObject[];
  /** Values replaced before writing, by rule id. */
  readonly redactions: { readonly [rule: string]: number };
  /** True when calls were left out because of the size cap. */
  readonly truncated: boolean;
}

/** One recorded tool call. */
export interface RecordedCall {
  readonly name: string;
  readonly arguments?: JsonValue;
  readonly result?: JsonValue;
  readonly error: string | null;
}

/**
 * The life of a case, derived from review and history, never set by hand.
 *
 * `quarantined`: harvested, nobody has looked. `open`: accepted, main still fails it; never blocks.
 * `guarding`: main passes it by its history; a change that breaks it is blocked. `retired`: out of use,
 * also when rejected.
 */
export type CaseState = "quarantined" | "open" | "guarding" | "retired";
