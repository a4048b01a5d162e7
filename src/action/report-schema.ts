import { z } from "zod";

import type { GateReport } from "../core/verdict.ts";

const text = z.string();
const count = z.int().nonnegative();
const time = z.number().describe("Unix time in milliseconds.");
const list = <T extends z.ZodType>(of: T) => z.array(of).readonly();

const counts = z
  .object({ passes: count, trials: count })
  .describe("Distinct trials that gave a score, and those of them that passed.");

const control = z
  .object({
    main: counts.describe("Main as it is now."),
    candidate: counts.describe("The change, part of its own trials."),
    breakdowns: z
      .object({ main: counts, candidate: counts, ofMain: count.describe("Trials in which main did.") })
      .exactOptional()
      .describe("Those of these pairs in which an agent broke down, which is a failed trial of it."),
    nearLimit: z
      .object({
        pairs: count,
        tookMs: z.number().describe("The longest that main took."),
        limitMs: z.number().describe("The time that the change had."),
      })
      .exactOptional()
      .describe(
        "Pairs that are left out: the change did not end in time, and main needed more than half of that time.",
      ),
  })
  .describe(
    "Trials of main of today and of the change, side by side. Absent: main was not tried again on it.",
  );

const caseVerdict = z.object({
  caseId: text,
  scorer: text,
  main: counts.describe("On main, comparable trials only."),
  candidate: counts.describe("On the change under test."),
  unscored: count.describe("Trials of the change that ended in a fault or without a value."),
  breakdowns: z
    .object({
      trials: count,
      how: z
        .enum(["crashed", "timed-out", "silent", "mixed"])
        .describe(
          "It ended in an error, did not end in time, ended with neither an answer nor spans, or not always alike.",
        ),
      limitMs: z.number().exactOptional().describe("The time it had where it did not end."),
    })
    .exactOptional()
    .describe(
      "Those of them in which the agent began and gave nothing to score; failed trials of candidate instead where main was tried beside the change.",
    ),
  accepted: z.boolean().describe("False: harvested and not reviewed yet."),
  blocking: z.boolean().describe("False: an advisory judge; it is reported and never blocks."),
  weight: z
    .number()
    .exactOptional()
    .describe("Share of the error rate beside the other cases. Absent means 1."),
  mustFix: z.boolean().exactOptional().describe("No release while it fails. Absent means false."),
  control: control.exactOptional(),
  state: z.enum(["quarantined", "open", "guarding", "retired"]),
  outcome: z.enum(["held", "regressed", "stale", "fixed", "still-failing", "undecided", "unscored", "new"]),
  evidence: z.number().describe('E-value against "nothing changed"; 1 is no evidence.'),
});

const loss = z.object({
  scorer: text,
  margin: z.number().nullable().describe("Loss of the mean pass rate in question, 0..1."),
  odds: z.number().describe("Likelihood of that loss against none."),
});

const verdict = z.object({
  status: z.enum(["pass", "block", "inconclusive", "stale"]),
  title: text.describe("One sentence."),
  reasons: list(text).describe("One sentence per reason, the deciding one first."),
  evidence: z.number().describe("Joint e-value over all cases; the gate blocks at 1 / errorRate."),
  losses: list(loss).exactOptional(),
  controlEvidence: z
    .number()
    .exactOptional()
    .describe('E-value against "the change is as main is now"; absent when main was not tried again.'),
  controlled: z
    .union([z.literal(true), text])
    .exactOptional()
    .describe(
      "True: main was tried again before the block. A text: why it was not. Absent: no block was in question.",
    ),
  cases: list(caseVerdict).describe("One per case and scorer."),
});

const unscored = z.object({
  code: z.enum([
    "not-applicable",
    "no-key",
    "key-refused",
    "quota",
    "unknown-model",
    "bad-request",
    "refused",
    "cut",
    "cannot-judge",
    "schema-broken",
    "rate-limited",
    "provider-down",
    "timed-out",
    "over-budget",
    "paused",
    "batched",
    "too-large",
    "filtered",
    "sampled-out",
    "scorer-error",
    "in-doubt",
  ]),
  retryAt: time.exactOptional(),
});

const score = z.object({
  name: text,
  version: text,
  kind: z.enum(["rule", "judge"]),
  value: z.number().min(0).max(1).nullable().describe("Null: unscored, which is no zero."),
  label: text.nullable(),
  explanation: text.nullable(),
  evidence: list(text).describe("Ids of the spans that show it."),
  unscored: unscored.nullable().describe("Null when there is a value."),
  passAt: z.number().describe("A value below this is a failure."),
});

const faultCode = z.enum([
  "agent-failed-to-start",
  "agent-crashed",
  "agent-refused",
  "agent-timed-out",
  "no-trace",
  "aborted",
  "replay-diverged",
]);

const fault = z.object({
  code: faultCode,
  message: text,
  limitMs: z.number().exactOptional().describe("Of agent-timed-out: the time the agent had."),
});

const trace = z
  .object({ schema: z.literal("tracegate.trace/1"), traceId: text })
  .describe("The trace as `tracegate show --format json` prints it.");

const spending = {
  usd: z.number().describe("USD of the model calls that have a price: the agent's and the judges'."),
  tokens: count,
  unpriced: list(text).describe("Models without a price: their calls are in tokens, not in usd."),
  untold: count.describe("Trials whose traces do not tell all tokens."),
};

const result = z.object({
  caseId: text,
  trial: count.describe("1, 2, ... within this run."),
  trace: trace.nullable(),
  scores: list(score),
  fault: fault.nullable().describe("Why there is nothing to score; never a regression, never a pass."),
  durationMs: z.number(),
  tookMs: z.number().exactOptional().describe("How long the agent took in the attempt that counts."),
  evidenceHash: text.nullable().describe("Trials with equal evidence count once."),
  notes: list(text).exactOptional(),
  spent: z.object(spending).exactOptional().describe("What the trial cost, earlier attempts included."),
  retried: faultCode.exactOptional().describe("The fault of a first attempt, after which it was made again."),
});

const run = z.object({
  v: z.literal(1),
  dataset: text,
  commit: text.nullable().describe("Null outside git."),
  startedAt: time,
  results: list(result),
});

const part = z.object({
  index: count.describe("1 to of."),
  of: count,
  setting: z
    .object({
      version: text.describe("Of tracegate."),
      commit: text.nullable(),
      cases: text.describe("Hash."),
      scorers: text.describe("Hash of scorers and judge."),
      task: text,
      policy: text,
    })
    .describe("What must be equal in all parts of one run."),
});

/**
 * The report of a gate run as JSON, as far as others may rely on it; `docs/schema/gate-report.schema.json` is made from it. Readers
 * ignore what they do not know: a later report of the same `v` may hold more.
 */
export const reportSchema = z
  .object({
    v: z.literal(1),
    verdict,
    run,
    finishedAt: time,
    recorded: z.boolean().describe("True when the trials were added to main's history."),
    notes: list(text).describe("Sentences about the gate itself."),
    control: z
      .object({
        commit: text.describe("Of main as it was tried."),
        base: text.describe("How it was found, e.g. origin/main."),
        results: list(result).describe(
          "Main's trials, each with the number of the change's trial it was made beside.",
        ),
        moved: list(text).describe("What is different around main since its history was made."),
      })
      .exactOptional()
      .describe("Main tried again beside the change; absent when that was not in question or not possible."),
    spent: z
      .object({ ...spending, ms: z.number().describe("Wall time in milliseconds.") })
      .exactOptional()
      .describe(
        "What the run cost: the agent's model calls, as its traces tell them, and the judges' calls.",
      ),
    ended: z
      .enum(["whole", "interrupted", "budget", "unfinished"])
      .exactOptional()
      .describe("Other than whole: the verdict rests on a part of the trials that were worth making."),
    part: part
      .exactOptional()
      .describe("Which part of a gate this is. A part has no verdict: `tracegate gate merge` makes it."),
  })
  .describe("What one run of the tracegate gate found.");

/** What a reader of a report file can rely on. */
export type PublishedReport = z.infer<typeof reportSchema>;

/** A report as others read it. That this compiles means that the schema fits what the gate writes. */
export function published(report: GateReport): PublishedReport {
  return report;
}

/** The schema in the language of JSON Schema 2020-12. */
export function reportJsonSchema(): object {
  return {
    $id: "urn:tracegate:gate-report:1",
    title: "tracegate gate report",
    ...z.toJSONSchema(reportSchema, { io: "input" }),
  };
}
