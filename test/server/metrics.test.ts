import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { IngestCounts } from "../../src/core/ingest-counts.ts";
import type { Judge } from "../../src/core/judge.ts";
import { EventMetrics } from "../../src/server/event-metrics.ts";
import { IngestMetrics } from "../../src/server/ingest-metrics.ts";
import { setLevels } from "../../src/server/level-metrics.ts";
import { metricSet } from "../../src/server/metric-set.ts";
import { asPrometheusText } from "../../src/server/prometheus-text.ts";
import { makeTrace } from "../../src/testing/make-trace.ts";
import { idOf } from "../cli/agent-traces.ts";
import { scoreOf } from "../contracts/store.ts";

const counts = {
  requests: 0,
  bytes: 0,
  spans: 0,
  rejectedSpans: 0,
  ownSpans: 0,
  logRecords: 0,
  rejectedLogRecords: 0,
  logRecordsWithoutSpan: 0,
  logRecordsWithoutName: 0,
  ownLogRecords: 0,
  refused: {},
  inflightBytes: 0,
};

const print = (metrics: ReturnType<typeof metricSet>) => metrics.registry.metrics();

/** The lines of one metric, without exemplars. */
function linesOf(text: string, name: string): string[] {
  return asPrometheusText(text)
    .split("\n")
    .filter((line) => line.startsWith(`tracegate_${name}`));
}

describe("the table of docs/metrics.md", () => {
  it("names the metrics that are printed, with type, labels and text, no more and no fewer", async () => {
    const metrics = metricSet();
    const types = new Map<string, string>();
    const helps = new Map<string, string>();
    for (const line of (await print(metrics)).split("\n")) {
      const [, kind, name = "", rest = ""] = /^# (HELP|TYPE) (tracegate_\S+) (.*)$/.exec(line) ?? [];
      if (kind === "TYPE") types.set(name, rest);
      if (kind === "HELP") helps.set(name, rest);
    }
    const page = readFileSync(new URL("../../docs/metrics.md", import.meta.url), "utf8");
    const rows = [...page.matchAll(/^\| `(tracegate_\w+)` \| (\w+) \| (.*?) ?\| (.+) \|$/gm)];
    const labelsOf = (metric: object) => ("labelNames" in metric ? metric.labelNames : []);
    const labels = metrics.registry
      .getMetricsAsArray()
      .filter(({ name }) => name.startsWith("tracegate_"))
      .map((metric) => [metric.name, labelsOf(metric)]);
    expect(rows.map(([, name, , names]) => [name, names?.split(", ").filter(Boolean)])).toEqual(labels);
    expect(rows.map(([, name, type, , text]) => [name, type, text])).toEqual(
      [...types].map(([name, type]) => [name, type, helps.get(name)]),
    );
  });
});

describe("metrics", () => {
  it("count scores by scorer, outcome and label, with the trace as exemplar, and tool calls once", async () => {
    const metrics = metricSet();
    const events = new EventMetrics(metrics);
    const toolCalls = [
      { name: "find", error: null },
      { name: "find", error: { type: "timeout" } },
    ].map((call) => ({ ...call, spanId: null, parentSpanId: null }));
    const trace = makeTrace({ traceId: idOf(1), toolCalls });
    const judged = { ...scoreOf("polite", 1), label: "yes" };
    const away = { ...scoreOf("polite", 0), value: null, unscored: { code: "quota" } as const };
    events.scored(trace, [scoreOf("calm", 0), judged], false);
    events.scored(trace, [away], true);
    const text = await print(metrics);
    expect(linesOf(text, "scores_total")).toEqual([
      'tracegate_scores_total{scorer="calm",outcome="failed",label=""} 1',
      'tracegate_scores_total{scorer="polite",outcome="passed",label="yes"} 1',
      'tracegate_scores_total{scorer="polite",outcome="unscored",label="quota"} 1',
    ]);
    expect(linesOf(text, "scorer_faults_total")).toEqual([
      'tracegate_scorer_faults_total{scorer="polite",class="provider",code="quota"} 1',
    ]);
    expect(linesOf(text, "tool_calls_total")).toEqual([
      'tracegate_tool_calls_total{tool="find",outcome="ok"} 1',
      'tracegate_tool_calls_total{tool="find",outcome="error"} 1',
    ]);
    expect(text).toMatch(
      new RegExp(`outcome="error"\\} 1 # \\{trace_id="${idOf(1)}"\\} 1 \\d+(\\.\\d+)?\\n`),
    );
    expect(text.endsWith("# EOF\n")).toBe(true);
  });

  it("count a judged trace as those it stands for, so that a rate over them is that of all traces", async () => {
    const metrics = metricSet();
    const events = new EventMetrics(metrics);
    const judged = { ...scoreOf("polite", 1), inclusionProbability: 0.1 };
    const leftOut = { ...judged, value: null, unscored: { code: "sampled-out" } as const };
    const trace = makeTrace();
    for (const score of [judged, leftOut, scoreOf("polite", 0), judged]) events.scored(trace, [score], false);
    expect(linesOf(await print(metrics), "weighted_scores_total")).toEqual([
      'tracegate_weighted_scores_total{scorer="polite",outcome="passed"} 20',
      'tracegate_weighted_scores_total{scorer="polite",outcome="failed"} 1',
    ]);
  });

  it("count what judges are paid for, and survive a provider that reports nonsense", async () => {
    const metrics = metricSet();
    const usages = [
      { inputTokens: 100, outputTokens: 5 },
      { inputTokens: -7, outputTokens: Number.NaN },
    ];
    const judge: Judge = {
      provider: "test",
      model: "m",
      identity: "m",
      ask: async () => ({
        label: "yes",
        rationale: "",
        evidence: [],
        model: "m-1",
        usage: usages.shift() ?? {},
        cost: 0.5,
      }),
    };
    const question = {
      scorer: "s",
      version: "1",
      instructions: "",
      content: "",
      labels: [],
      subject: idOf(2),
    };
    const watched = new EventMetrics(metrics).watch(judge);
    for (const _ of [1, 2]) await watched.ask(question, AbortSignal.timeout(1_000));
    const text = await print(metrics);
    expect(linesOf(text, "judge_")).toEqual([
      'tracegate_judge_calls_total{model="m",outcome="answered"} 2',
      'tracegate_judge_tokens_total{model="m",direction="input"} 100',
      'tracegate_judge_tokens_total{model="m",direction="output"} 5',
      'tracegate_judge_cost_usd_total{model="m"} 1',
    ]);
  });

  it("keep the number of series bounded when every call names another tool", async () => {
    const metrics = metricSet();
    const events = new EventMetrics(metrics);
    for (let number = 0; number < 1_000; number += 1) {
      const call = { name: `tool-${number}`, error: null, spanId: null, parentSpanId: null };
      events.scored(makeTrace({ traceId: idOf(number), toolCalls: [call] }), [], false);
    }
    const lines = linesOf(await print(metrics), "tool_calls_total");
    expect(lines).toHaveLength(101);
    expect(lines.at(-1)).toBe('tracegate_tool_calls_total{tool="(other)",outcome="ok"} 900');
  });

  it("escape what traces say", async () => {
    const metrics = metricSet();
    new EventMetrics(metrics).scored(
      makeTrace({
        traceId: idOf(1),
        toolCalls: [{ name: 'a"} 1\nb\\', error: null, spanId: null, parentSpanId: null }],
      }),
      [],
      false,
    );
    const lines = linesOf(await print(metrics), "tool_calls_total");
    expect(lines).toEqual(['tracegate_tool_calls_total{tool="a\\"} 1\\nb\\\\",outcome="ok"} 1']);
  });

  it("follow what the receiver has counted, by reason", async () => {
    const metrics = metricSet();
    let now: IngestCounts = counts;
    const ingest = new IngestMetrics(metrics, () => now);
    now = { ...counts, requests: 3, spans: 10, refused: { 429: 2 }, ownSpans: 4 };
    ingest.update();
    now = { ...now, requests: 4, refused: { 429: 2, 401: 1 } };
    ingest.update();
    const text = await print(metrics);
    expect(linesOf(text, "receiver_requests_total")).toEqual(["tracegate_receiver_requests_total 4"]);
    expect(linesOf(text, "receiver_refused")).toEqual([
      'tracegate_receiver_refused_requests_total{reason="overloaded"} 2',
      'tracegate_receiver_refused_requests_total{reason="token"} 1',
    ]);
    expect(linesOf(text, "receiver_left_out")).toContain(
      'tracegate_receiver_left_out_total{item="span",reason="own"} 4',
    );
  });

  it("give no figures of a part that does not answer, not even old ones", async () => {
    const metrics = metricSet();
    const queue = { waiting: 5, active: 1, delayed: 0, dead: 2, oldestAt: 1_000 };
    const buffer = { open: 1, sealed: 2, bytes: 3 };
    setLevels(metrics, { buffer, queue, store: null, reasons: {} }, 61_000);
    expect(linesOf(await print(metrics), "queue_")).toEqual([
      'tracegate_queue_jobs{state="waiting"} 5',
      'tracegate_queue_jobs{state="active"} 1',
      'tracegate_queue_jobs{state="delayed"} 0',
      'tracegate_queue_jobs{state="dead"} 2',
      "tracegate_queue_oldest_age_seconds 60",
    ]);
    setLevels(metrics, { buffer, queue: null, store: null, reasons: {} }, 62_000);
    const text = await print(metrics);
    expect(linesOf(text, "queue_")).toEqual([]);
    expect(linesOf(text, "service_reachable")).toEqual([
      'tracegate_service_reachable{service="buffer"} 1',
      'tracegate_service_reachable{service="queue"} 0',
      'tracegate_service_reachable{service="store"} 0',
    ]);
  });
});
