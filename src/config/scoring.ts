import { z } from "zod";

import { milliseconds } from "./fields.ts";

/** How traces are scored. */
export const worker = z.strictObject({
  /** Traces scored at once. */
  concurrency: z.number().int().positive().max(256).default(4),
  /** Time a rule scorer has for one trace, ms: to keep the processor, and then again to wait for something. */
  ruleTimeoutMs: milliseconds.default(5_000),
  /** Time a judge has for one trace, ms. */
  judgeTimeoutMs: milliseconds.default(120_000),
  /**
   * A judge that met a passing fault (rate limit, provider away, no answer in time) is asked again: so often in all, after
   * a wait that doubles from `baseMs` to `maxMs`, and not before the time the provider names. The defaults take about
   * eight hours.
   */
  judgeRetries: z
    .strictObject({
      attempts: z.number().int().positive().max(100).default(16),
      baseMs: milliseconds.default(15_000),
      maxMs: milliseconds.default(3_600_000),
    })
    .prefault({}),
  /**
   * Code that keeps the processor so long, ms, is interrupted from outside, also after its first await; 0: never. Counts as
   * twice `ruleTimeoutMs` where that is longer.
   */
  stuckMs: milliseconds.default(15_000),
  /** How long dead jobs and their spans are kept for a redrive, ms: 14 days. */
  keepDeadMs: milliseconds.default(14 * 24 * 3_600_000),
});

const share = z.number().min(0).max(1);

/** Which live traces judges see. */
export const sampling = z.strictObject({
  /** Share of ordinary traces, 0..1. */
  rate: share.default(0.1),
  /** A run that takes longer, ms, is always taken; null: none. Default: slower than 99 of 100 of the last 1,000 of its service. */
  slowMs: milliseconds.nullable().optional(),
  /** So many first traces of each version of an agent are always taken. */
  firstOfVersion: z.number().int().nonnegative().default(200),
  /** Other numbers for some services, by `service.name`: `{ "batch-agent": { rate: 0.01 } }`. */
  services: z
    .record(
      z.string(),
      z.strictObject({
        rate: share.optional(),
        slowMs: milliseconds.nullable().optional(),
        firstOfVersion: z.number().int().nonnegative().optional(),
      }),
    )
    .optional(),
});

/** How long spans are kept. */
export const retention = z.strictObject({
  /** How long the spans of traces in the sample are kept, days. Summaries and scores stay. */
  payloadDays: z.number().positive().default(7),
  /**
   * How long those of the others are kept, hours: sinks may ask for them, and late spans are joined to them. Should be longer than
   * `completion.maxAgeMs`.
   */
  leftOutHours: z.number().nonnegative().default(3),
});

/** What is replaced, and what a purge leaves behind. */
export const privacy = z.strictObject({
  redact: z
    .strictObject({
      /**
       * Replace personal data and credentials in spans before they are scored and stored. False: they are stored as they came, for
       * as long as `retention` says, so that rules and replays see what happened.
       */
      storage: z.boolean().default(false),
      /** Replace them in what judges are shown. What goes into git is always redacted. */
      judge: z.boolean().default(true),
    })
    .prefault({}),
  /** How long nothing of a purged trace is taken again, days. */
  refusePurgedDays: z.number().positive().default(7),
});
