import type { JudgePlan, PlannedScorer } from "../../app/plan-judging.ts";
import type { PlannedCost, UsdRange } from "../../pipeline/plan-cost.ts";
import { count, dollars, plain } from "./plain.ts";
import { table } from "./table.ts";

/** What judging will cost, as a table and the sentences that belong to it. */
export function judgePlanText(plan: JudgePlan): string {
  const { looked, traces, days, scorers, total } = plan;
  const from =
    days === null ? "" : ` of ${count(traces, "trace")} that began in the last ${count(days, "day")}`;
  const rows = scorers.map((one) => [
    one.scorer,
    one.models.join(" + "),
    String(one.asked),
    reasons(one),
    ...figures(one),
  ]);
  return plain(
    [
      `${count(looked, "trace")} looked at${from}; no model was asked. Per 1,000 traces that judges see:`,
      "",
      table(COLUMNS, [...rows, ["total", "", "", "", ...figures(total)]]),
      "",
      ...sentences(plan),
    ].join("\n"),
  );
}

const COLUMNS = [
  { heading: "SCORER" },
  { heading: "MODELS", max: 40 },
  { heading: "ASKS", align: "right" },
  { heading: "DOES NOT" },
  { heading: "INPUT", align: "right" },
  { heading: "OUTPUT", align: "right" },
  { heading: "ALONE", align: "right" },
  { heading: "CACHED", align: "right" },
  { heading: "BATCH", align: "right" },
  { heading: "AS CONFIGURED", align: "right" },
] as const;

function reasons({ notAsked }: PlannedScorer): string {
  return Object.entries(notAsked)
    .map(([reason, traces]) => `${traces} ${reason}`)
    .join(", ");
}

function figures(cost: PlannedCost): readonly string[] {
  const { inputTokens, outputTokens, aloneUsd, cachedUsd, batchUsd, configuredUsd } = cost;
  return [
    thousands(inputTokens),
    thousands(outputTokens),
    ...[aloneUsd, cachedUsd, batchUsd].map((usd) => (usd === null ? "?" : dollars(usd))),
    configuredUsd === null ? "?" : range(configuredUsd),
  ];
}

function thousands(tokens: number): string {
  return `${(tokens / 1_000).toLocaleString("en", { maximumFractionDigits: 0 })}k`;
}

function range({ low, high }: UsdRange): string {
  return dollars(low) === dollars(high) ? dollars(low) : `${dollars(low)} to ${dollars(high)}`;
}

function sentences(plan: JudgePlan): readonly string[] {
  const { scorers, notPlanned, total, judgedShare, trafficUsd, tracesPerDay, dayUsd } = plan;
  const withoutKey = scorers.filter(({ notAsked }) => (notAsked["no-key"] ?? 0) > 0);
  const lines = [
    ...(trafficUsd === null
      ? []
      : [
          `Judges see ${percent(judgedShare)} of the traces (sampling): 1,000 traces of traffic cost ${range(trafficUsd)}.`,
        ]),
    ...(tracesPerDay === null || dayUsd === null
      ? []
      : [`At ${count(Math.round(tracesPerDay), "trace")} a day that is ${range(dayUsd)} a day.`]),
    ...(total.unpriced.length === 0
      ? []
      : [`No price is known of ${total.unpriced.join(", ")}: "?" is not nothing.`]),
    ...(notPlanned.length === 0
      ? []
      : [`Not in the sums, for they are about whole sessions: ${notPlanned.join(", ")}.`]),
    ...(withoutKey.length === 0
      ? []
      : [
          "No judge is configured, so nothing is asked: set judge in tracegate.config.ts, or a provider's key.",
        ]),
    ...saidOnce(scorers.flatMap(experienceOf)),
    "Input tokens are estimated: on 125 recorded runs half of the estimates were within 9 % and nine in ten within 18 % of the count.",
    "Second tries, fallbacks and steps that a judge asks to read come on top. BATCH: if all of it went through a batch API.",
  ];
  return lines;
}

/** Something known of the figures of one scorer. */
interface Remark {
  readonly scorer: string;
  readonly text: string;
}

/** Where the figures of one scorer come from. */
function experienceOf(one: PlannedScorer): readonly Remark[] {
  const { scorer, output, correction, escalated, configuredUsd } = one;
  const isOpen = configuredUsd !== null && configuredUsd.low !== configuredUsd.high;
  const texts = [
    output.answers > 0
      ? `${Math.round(output.tokens)} output tokens a call, the mean of ${count(output.answers, "stored answer")}.`
      : `${output.tokens} output tokens a call are assumed, for no answer is stored; a model that reasons writes more.`,
    correction &&
      `input tokens times ${correction.factor.toFixed(2)}, as ${count(correction.answers, "stored answer")} showed.`,
    escalated &&
      `the second step is asked for ${percent(escalated.share)} of ${count(escalated.answers, "stored answer")}.`,
    isOpen &&
      escalated === null &&
      "how often the second step is asked is not known, for no answer is stored.",
  ];
  return texts.flatMap((text) => (text ? [{ scorer, text }] : []));
}

function saidOnce(remarks: readonly Remark[]): readonly string[] {
  const groups = Map.groupBy(remarks, ({ text }) => text);
  return [...groups].map(([text, some]) => `${some.map(({ scorer }) => scorer).join(", ")}: ${text}`);
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}
