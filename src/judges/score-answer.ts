import type { JsonObject } from "../core/json.ts";
import { type Answer, CANNOT_JUDGE, isAnswer, type Judge, type NoAnswer } from "../core/judge.ts";
import type { Score, Unscored } from "../core/score.ts";
import type { Trace, Usage } from "../core/trace.ts";
import { type Defence, holds } from "./defences.ts";
import { instrumentOf, type JudgeDefinition, promptHash } from "./instrument.ts";
import { RENDERER_VERSION, type RenderedTrace } from "./render-trace.ts";

/** What every score of one judge has in common. */
export type JudgeIdentity = Pick<Score, "name" | "version" | "kind" | "passAt">;

/** A score without a value. */
export function unscoredBy(
  identity: JudgeIdentity,
  unscored: Unscored,
  explanation: string,
  metadata: JsonObject = {},
): Score {
  return { ...identity, value: null, label: null, explanation, evidence: [], unscored, metadata };
}

/** What was asked, of whom, and what came back. */
export interface Asked {
  readonly judge: Judge;
  readonly definition: JudgeDefinition;
  readonly rendered: RenderedTrace;
  readonly result: Answer | NoAnswer;
  /** Steps that it asked to see in full. */
  readonly spanIds: readonly string[];
  /** For tests: the defence that is switched off. */
  readonly without?: Defence;
}

/**
 * The score for what a judge answered. `values` maps the labels to 0..1; a label that is not in it makes the
 * score unscored (`cannot-judge` for {@link CANNOT_JUDGE}, else `schema-broken`). Cited span ids that the
 * trace does not have are dropped and counted in the metadata.
 */
export function scoreAnswer(
  identity: JudgeIdentity,
  values: ReadonlyMap<string, number>,
  trace: Trace,
  asked: Asked,
): Score {
  const { result } = asked;
  const metadata = describe(asked);
  if (!isAnswer(result)) return unscoredBy(identity, result.unscored, reasonOf(result), metadata);

  const evidence = holds("citations", asked.without) ? knownSpans(result.evidence, trace) : result.evidence;
  const full = { ...metadata, unknownEvidence: result.evidence.length - evidence.length };
  if (result.label === CANNOT_JUDGE) {
    const explanation = `The judge could not tell: ${result.rationale}`;
    return { ...unscoredBy(identity, { code: "cannot-judge" }, explanation, full), evidence };
  }
  const value = values.get(result.label);
  if (value === undefined) {
    const explanation = `The judge answered ${JSON.stringify(result.label)}, which is none of ${[...values.keys()].join(", ")}.`;
    return unscoredBy(identity, { code: "schema-broken" }, explanation, full);
  }
  return {
    ...identity,
    value,
    label: result.label,
    explanation: result.rationale,
    evidence,
    unscored: null,
    metadata: full,
  };
}

/** The ledger has no state for "no answer, and that in doubt", so the reason says it. */
function reasonOf({ reason, inDoubt }: NoAnswer): string {
  if (inDoubt !== true) return reason;
  return `${reason} An earlier call with this question was broken off, so it may have been paid twice.`;
}

function knownSpans(cited: readonly string[], trace: Trace): readonly string[] {
  const known = new Set(trace.spans.map((span) => span.spanId));
  return [...new Set(cited)].filter((id) => known.has(id));
}

/** What of the instrument and its cost goes with a score; `costUsd` is absent when the model has no price. */
function describe({ judge, definition, rendered, result, spanIds }: Asked): JsonObject {
  const answered = isAnswer(result) ? result : undefined;
  return {
    judgeProvider: answered?.provider ?? judge.provider,
    judgeModel: answered?.model ?? judge.model,
    instrument: instrumentOf(judge, definition),
    prompt: promptHash(definition),
    renderer: RENDERER_VERSION,
    kept: Math.round(rendered.kept * 1000) / 1000,
    ...(rendered.omittedEntries > 0 && {
      omittedEntries: rendered.omittedEntries,
      omittedSpanIds: rendered.omittedSpanIds.slice(0, 50),
    }),
    ...(spanIds.length > 0 && { readSpanIds: [...spanIds] }),
    ...(result.usage !== undefined && { usage: usageObject(result.usage) }),
    ...(result.cost !== undefined && { costUsd: result.cost }),
    ...(result.calls !== undefined && { calls: result.calls }),
    ...(answered?.callTraceId !== undefined && { judgeTraceId: answered.callTraceId }),
    ...(answered?.tier && { tier: answered.tier }),
    ...(answered?.panel && {
      panel: answered.panel.map((one) => ({ ...one })),
      panelAgrees: new Set(answered.panel.map(({ label }) => label)).size === 1,
    }),
    ...(answered?.probabilities && { probabilities: { ...answered.probabilities } }),
    ...(result.remembered === true && { remembered: true }),
    ...(result.inDoubt === true && { inDoubt: true }),
  };
}

function usageObject(usage: Usage): JsonObject {
  return Object.fromEntries(Object.entries(usage).filter(([, tokens]) => tokens !== undefined));
}
