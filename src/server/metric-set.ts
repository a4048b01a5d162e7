import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "@prometheus-io/client";

/** Buckets of a job, seconds: from a rule on a small trace to a judge that thinks. */
const JOB_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

/** All metrics of a process, by their names without `tracegate_`. */
export type MetricSet = ReturnType<typeof metricSet>;

/**
 * Makes the metrics of one process: those that are told of events, those that are read when somebody asks, and the
 * client library's own of the process (event loop, memory, CPU). docs/metrics.md says the same in a table.
 */
export function metricSet() {
  const registry = new Registry("application/openmetrics-text; version=1.0.0; charset=utf-8");
  const make = makersOf(registry);
  const { counter, traced, gauge } = make;
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    info: gauge("info", "1; the labels say which version runs, and as what", ["version", "command"]),
    ...receiverMetrics(make),
    overloaded: gauge("receiver_overloaded", "1 while new spans are refused because too much waits"),
    bufferTraces: gauge("buffer_traces", "Traces whose spans wait", ["state"]),
    bufferBytes: gauge("buffer_bytes", "Bytes of the spans that wait"),
    completed: traced("traces_completed", "Traces sealed by this process, by why they were complete", [
      "reason",
    ]),
    queueJobs: gauge("queue_jobs", "Jobs in the queue", ["state"]),
    queueOldest: gauge("queue_oldest_age_seconds", "Age of the job that waits longest; 0 when none waits"),
    jobSeconds: make.histogram("job_seconds", "How long jobs took that were done", JOB_BUCKETS),
    scores: traced("scores", "Scores made, by scorer, outcome (passed, failed, unscored) and label", [
      "scorer",
      "outcome",
      "label",
    ]),
    weightedScores: counter(
      "weighted_scores",
      "Those with a value, each counted as the traces it stands for where judges see a sample",
      ["scorer", "outcome"],
    ),
    scorerFaults: traced("scorer_faults", "Scores that a fault prevented, by whom it concerns", [
      "scorer",
      "class",
      "code",
    ]),
    judgeCalls: traced("judge_calls", "Calls to judges that were made, remembered answers left out", [
      "model",
      "outcome",
    ]),
    judgeTokens: counter("judge_tokens", "Tokens of those calls", ["model", "direction"]),
    judgeCost: counter("judge_cost_usd", "What those calls cost, where the model has a price", ["model"]),
    toolCalls: traced("tool_calls", "Tool calls in the traces that were scored", ["tool", "outcome"]),
    deliveries: traced("deliveries", "Tries to write scores to a sink", ["sink", "outcome"]),
    ...waitingMetrics(make),
    faults: traced("faults", "Faults that were survived, by part and class", ["part", "code"]),
    reachable: gauge("service_reachable", "1 when the part answered this time, else 0", ["service"]),
  };
}

/** What the receiver has taken and refused. */
function receiverMetrics({ counter, gauge }: Makers) {
  return {
    receiverRequests: counter("receiver_requests", "Export requests answered, refused ones included"),
    receiverRefused: counter("receiver_refused_requests", "Export requests that were not taken", ["reason"]),
    receiverSpans: counter("receiver_spans", "Spans taken"),
    receiverLogRecords: counter("receiver_log_records", "Log records taken as events of spans"),
    receiverLeftOut: counter("receiver_left_out", "Items left out of requests that were taken", [
      "item",
      "reason",
    ]),
    receiverBytes: counter("receiver_bytes", "Inflated bytes of the requests that were taken"),
    receiverInflight: gauge("receiver_inflight_bytes", "Inflated bytes of the requests under way"),
  };
}

/** What still has to be done, read from the store. */
function waitingMetrics({ gauge }: Makers) {
  return {
    outbox: gauge("outbox_deliveries", "Deliveries that wait"),
    retries: gauge("retries_waiting", "Scores that wait for another try"),
    batchQuestions: gauge("batch_questions", "Questions to judges that wait for a batch, or are in one", [
      "state",
    ]),
    batches: gauge("batches", "Batches of questions: being sent, with a provider, or just ended"),
    decisions: gauge("open_decisions", "Scores that still ask for something", ["scorer", "state"]),
    paused: gauge("paused_scorers", "1 for each scorer that is paused", ["scorer"]),
  };
}

type Makers = ReturnType<typeof makersOf>;

function makersOf(registry: Registry) {
  const registers = [registry];
  const common = (name: string, help: string) => ({ name: `tracegate_${name}`, help, registers });
  return {
    counter: <Label extends string = never>(name: string, help: string, labelNames: readonly Label[] = []) =>
      new Counter<Label>({ ...common(name, help), labelNames: [...labelNames] }),
    /** With the id of a trace as exemplar. */
    traced: <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
      new Counter<Label | "trace_id">({
        ...common(name, help),
        labelNames: [...labelNames],
        enableExemplars: true,
      }),
    gauge: <Label extends string = never>(name: string, help: string, labelNames: readonly Label[] = []) =>
      new Gauge<Label>({ ...common(name, help), labelNames: [...labelNames] }),
    histogram: (name: string, help: string, buckets: readonly number[]) =>
      new Histogram<"trace_id">({ ...common(name, help), buckets: [...buckets], enableExemplars: true }),
  };
}
