import { isObject, type JsonObject, parseJson } from "../core/json.ts";
import type { Score } from "../core/score.ts";
import type { Scorer } from "../core/scorer.ts";
import type { Trace } from "../core/trace.ts";

/** A score in full, as a scorer function may return it. Absent, undefined and null fields mean the same. */
export interface ScoreDetail {
  /** 0 (worst) to 1 (best); true is 1, false is 0; null: the scorer does not apply to this trace. */
  readonly value: number | boolean | null;
  /** One short word or two, e.g. `unrecovered`. */
  readonly label?: string | null | undefined;
  /** One or two sentences a person can act on. */
  readonly explanation?: string | null | undefined;
  /** Ids of spans of this trace. Null and undefined entries (calls without a span of their own) are dropped. */
  readonly evidence?: readonly (string | null | undefined)[] | null | undefined;
  /** Anything that survives JSON. */
  readonly metadata?: Readonly<Record<string, unknown>> | null | undefined;
}

/** What a scorer function may return: passed or not, 0..1, null for "does not apply", or a score in full. */
export type Returned = boolean | number | null | ScoreDetail;

/** The fields that say whose score it is. */
export type ScorerIdentity = Pick<Scorer, "name" | "version" | "kind" | "passAt">;

/**
 * The score that a returned value stands for. A value that is not a score gives an unscored
 * `scorer-error` whose explanation says what was returned and what would be right; it never throws.
 */
export function scoreOf(scorer: ScorerIdentity, trace: Trace, returned: unknown): Score {
  const detail: { readonly [key: string]: unknown } = isObject(returned) ? returned : { value: returned };
  const { value, label, explanation, evidence, metadata } = detail;
  const problem =
    valueProblem(returned, value) ??
    textProblem("label", label) ??
    textProblem("explanation", explanation) ??
    evidenceProblem(trace, evidence);
  if (problem !== undefined) return brokenScore(scorer, trace, problem);
  const kept = metadata === undefined || metadata === null ? {} : jsonObject(metadata);
  if (kept === undefined) return brokenScore(scorer, trace, "metadata must be an object that survives JSON");
  return {
    ...identityOf(scorer),
    value: value === null ? null : Number(value),
    label: typeof label === "string" ? label : null,
    explanation:
      typeof explanation === "string"
        ? explanation
        : value === null
          ? "It does not apply to this trace."
          : null,
    evidence: Array.isArray(evidence) ? [...new Set(evidence.filter((id) => typeof id === "string"))] : [],
    unscored: value === null ? { code: "not-applicable" } : null,
    metadata: kept,
  };
}

/** The unscored score of a scorer that failed to give one. `problem` is put into a sentence that names scorer and trace. */
export function brokenScore(scorer: ScorerIdentity, trace: Trace, problem: string): Score {
  return {
    ...identityOf(scorer),
    value: null,
    label: null,
    explanation: `Scorer "${scorer.name}" on trace ${trace.traceId}: ${problem}.`,
    evidence: [],
    unscored: { code: "scorer-error" },
    metadata: {},
  };
}

/** Why a value is not a {@link Score}, for scorers that were not made by `defineScorer`; undefined when it is one. */
export function scoreProblem(score: unknown): string | undefined {
  if (!isObject(score)) return `it returned ${describe(score)} instead of a score`;
  const { value, unscored, evidence } = score;
  if (!Array.isArray(evidence)) return "it returned a score without a list of evidence";
  if (typeof value === "boolean") return "it returned a score whose value is true or false; use 1 or 0";
  if (value === null)
    return isObject(unscored) ? undefined : "it returned neither a value nor why there is none";
  return valueProblem(score, value);
}

function identityOf(scorer: ScorerIdentity): ScorerIdentity {
  return { name: scorer.name, version: scorer.version, kind: scorer.kind, passAt: scorer.passAt };
}

function valueProblem(returned: unknown, value: unknown): string | undefined {
  if (value === null || typeof value === "boolean") return undefined;
  if (typeof value === "number" && value >= 0 && value <= 1) return undefined;
  if (isObject(returned) && !("value" in returned)) {
    return 'it returned an object without "value"; return { value: 0..1 or null, explanation? }';
  }
  return `it returned ${describe(value)} as its value; return true, false, a number from 0 to 1, or null when it does not apply`;
}

function textProblem(field: string, text: unknown): string | undefined {
  if (text === undefined || text === null || typeof text === "string") return undefined;
  return `${field} must be text, got ${describe(text)}`;
}

function evidenceProblem(trace: Trace, evidence: unknown): string | undefined {
  if (evidence === undefined || evidence === null) return undefined;
  if (!Array.isArray(evidence)) return `evidence must be a list of span ids, got ${describe(evidence)}`;
  if (evidence.length === 0) return undefined;
  const known = new Set(trace.spans.map((span) => span.spanId));
  for (const id of evidence) {
    if (id === undefined || id === null) continue;
    if (typeof id !== "string" || !known.has(id)) {
      return `evidence must be ids of spans of this trace, and ${describe(id)} is none of them`;
    }
  }
  return undefined;
}

function jsonObject(value: unknown): JsonObject | undefined {
  try {
    const copy = parseJson(JSON.stringify(value) ?? "");
    return isObject(copy) ? copy : undefined;
  } catch {
    return undefined;
  }
}

function describe(value: unknown): string {
  if (value === undefined) return "nothing (undefined)";
  if (typeof value === "string")
    return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}...` : value);
  if (typeof value === "number") return String(value);
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
