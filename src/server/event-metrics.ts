import { type Answer, isAnswer, type Judge, type NoAnswer } from "../core/judge.ts";
import { faultClassOf } from "../core/ledger-state.ts";
import { passed, type Score } from "../core/score.ts";
import type { CompletionReason, Trace } from "../core/trace.ts";
import { LabelLimit } from "./label-limit.ts";
import type { MetricSet } from "./metric-set.ts";

/** Names told apart, each kind for itself. */
const NAMES = 100;
/** Labels of scores told apart, over all scorers. */
const LABELS = 500;

/** Tells the metrics what happens. Nothing of it can fail. */
export class EventMetrics {
  readonly #metrics: MetricSet;
  readonly #tools = new LabelLimit(NAMES);
  readonly #scorers = new LabelLimit(NAMES);
  readonly #labels = new LabelLimit(LABELS);
  readonly #models = new LabelLimit(NAMES);
  readonly #sinks = new LabelLimit(NAMES);

  constructor(metrics: MetricSet) {
    this.#metrics = metrics;
  }

  /** A trace was sealed. */
  completed(traceId: string, reason: CompletionReason): void {
    this.#metrics.completed.inc({ labels: { reason }, value: 1, exemplarLabels: { trace_id: traceId } });
  }

  /**
   * Scores of a trace were stored.
   *
   * @param again Of a trace that had been scored before: its tool calls have been counted.
   */
  scored(trace: Pick<Trace, "traceId" | "toolCalls">, scores: readonly Score[], again: boolean): void {
    for (const score of scores) this.#score(trace.traceId, score);
    if (again) return;
    for (const { name, error } of trace.toolCalls) {
      const labels = { tool: this.#tools.of(name), outcome: error === null ? "ok" : "error" };
      this.#metrics.toolCalls.inc({ labels, value: 1, exemplarLabels: { trace_id: trace.traceId } });
    }
  }

  /** A job was done. */
  worked(traceId: string, durationMs: number): void {
    this.#metrics.jobSeconds.observe({ value: durationMs / 1_000, exemplarLabels: { trace_id: traceId } });
  }

  /** A delivery was tried. */
  delivered(sink: string, outcome: string, traceId: string): void {
    const labels = { sink: this.#sinks.of(sink), outcome };
    this.#metrics.deliveries.inc({ labels, value: 1, exemplarLabels: { trace_id: traceId } });
  }

  /** A fault was survived. `code`: one of `ErrorCode`. */
  fault(part: string, code: string, traceId?: string): void {
    const exemplar = traceId === undefined ? {} : { exemplarLabels: { trace_id: traceId } };
    this.#metrics.faults.inc({ labels: { part, code }, value: 1, ...exemplar });
  }

  /** The same judge, whose calls are counted. Wrap the one that pays, so that remembered answers are left out. */
  watch(judge: Judge): Judge {
    const model = this.#models.of(judge.model);
    return {
      ...judge,
      ask: async (question, signal) => {
        const result = await judge.ask(question, signal);
        this.#judged(model, result, question.subject);
        return result;
      },
    };
  }

  #judged(model: string, result: Answer | NoAnswer, traceId: string | undefined): void {
    const { judgeCalls, judgeTokens, judgeCost } = this.#metrics;
    const outcome = isAnswer(result) ? "answered" : result.unscored.code;
    const exemplar = traceId === undefined ? {} : { exemplarLabels: { trace_id: traceId } };
    judgeCalls.inc({ labels: { model, outcome }, value: 1, ...exemplar });
    const { usage, cost } = result;
    judgeTokens.inc({ model, direction: "input" }, amount(usage?.inputTokens));
    judgeTokens.inc({ model, direction: "output" }, amount(usage?.outputTokens));
    // A model without a price has no cost, not one of 0.
    if (cost !== undefined) judgeCost.inc({ model }, amount(cost));
  }

  #score(traceId: string, score: Score): void {
    const scorer = this.#scorers.of(score.name);
    const exemplarLabels = { trace_id: traceId };
    const pass = passed(score);
    const code = score.unscored?.code;
    const outcome = pass === null ? "unscored" : pass ? "passed" : "failed";
    const label = code ?? (score.label === null ? "" : this.#labels.of(score.label));
    this.#metrics.scores.inc({ labels: { scorer, outcome, label }, value: 1, exemplarLabels });
    if (pass !== null)
      this.#metrics.weightedScores.inc({ scorer, outcome }, 1 / (score.inclusionProbability ?? 1));
    const fault = code === undefined ? null : faultClassOf(code);
    if (code === undefined || fault === null) return;
    this.#metrics.scorerFaults.inc({ labels: { scorer, class: fault, code }, value: 1, exemplarLabels });
  }
}

/** A provider that reports nonsense must not end the call: a counter that is decreased throws. */
function amount(value = 0): number {
  return Number.isFinite(value) ? Math.max(0, value) : 0;
}
