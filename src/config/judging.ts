import { z } from "zod";

const amount = z.number().positive("must be more than 0");

const limits = z.strictObject({
  /** Calls a minute for each provider, model and key. Default: what the provider says of itself. */
  requestsPerMinute: amount.exactOptional(),
  /** Tokens a minute, input and output together. Default: what the provider says of itself. */
  tokensPerMinute: amount.exactOptional(),
  /** Share of the limits that judges use, 0..1: lower it when an agent in production has the same key. */
  share: z.number().gt(0).max(1).default(0.99),
  /** A call that must wait longer for its turn than this gives its slot back and comes again later, ms. */
  holdMs: z.number().int().nonnegative().default(20_000),
});

/** How judges are asked. */
export const judging = z.strictObject({
  /** Folder in git with what is known of each judge: `tracegate judge calibrate --save` writes it, the gate reads it. */
  calibration: z.string().default("evals/calibration"),
  /** Tells sinks that take it what every judge was asked and answered, as traces of our own service. */
  audit: z.boolean().default(true),
  /** How fast judges may be asked, all workers together; live traffic only. */
  limits: limits.prefault({}),
});
