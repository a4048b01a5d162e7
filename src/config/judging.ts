import { z } from "zod";

const amount = z.number().positive("must be more than 0");

const limits = z.strictObject({
  /** Calls a minute for each provider, model and key. Default: what the provider says of itself. */
  requestsPerMinute: amount.exactOptional(),
  /** Tokens a minute, input and output together. Default: what the provider says of itself. */
  tokensPerMinute: amount.exactOptional(),
  /** Share of the limits that judges use, 0..1: lower it when an agent in production has the same key. */
  share: z.number().gt(0).max(1).default(0.99),
  /**
   * A call that must wait longer for its turn than this gives its slot back and comes again later, ms. In the gate, which cannot come again, calls
   * wait for their turn, but so long only for a provider that refuses everything.
   */
  holdMs: z.number().int().nonnegative().default(20_000),
});

/** What judges may cost on one day, UTC. */
const daily = {
  /** USD. For models that have no price set `tokensPerDay`. */
  usdPerDay: amount.exactOptional(),
  /** Input and output together. */
  tokensPerDay: amount.exactOptional(),
};

const budget = z.strictObject({
  ...daily,
  /** By name of the scorer; it pays from this and from the budget of all. */
  perScorer: z.record(z.string(), z.strictObject(daily)).default({}),
  /** The same for every tenant. */
  perTenant: z
    .strictObject({
      ...daily,
      /** What names a trace's tenant: `organisationId`, `userId`, `feature`, `service`, or an attribute of the root span. */
      by: z.string().min(1, "must name an attribute").default("organisationId"),
    })
    .exactOptional(),
  /**
   * Share of each budget that ordinary traces may use, 0..1. The rest is for errors, failed rules, new versions, and answers of which
   * the cheap tier was not sure.
   */
  ordinaryShare: z.number().gt(0).max(1).default(0.8),
  /** True: what falls off is tried again the next day. False: it stays `over-budget`. */
  carryOver: z.boolean().default(false),
});

const batches = z.strictObject({
  /** A question waits so long for others before their batch is sent, ms. */
  gatherMs: z.number().int().nonnegative().default(300_000),
  /** Time between two looks at a batch that is under way, ms. */
  lookMs: z.number().int().min(100).default(60_000),
});

/** How judges are asked. */
export const judging = z.strictObject({
  /** Folder in git with what is known of each judge: `tracegate judge calibrate --save` writes it, the gate reads it. */
  calibration: z.string().default("evals/calibration"),
  /** Tells sinks that take it what every judge was asked and answered, as traces of our own service. */
  audit: z.boolean().default(true),
  /** How fast judges may be asked, all workers together; live traffic only. */
  limits: limits.prefault({}),
  /**
   * How soon answers about live traces are needed where a judge does not say, ms. From 86,400,000 (24 hours) on questions go into batches of
   * the provider, at half the price. Default: at once.
   */
  withinMs: z.number().int().nonnegative().exactOptional(),
  /** How batches are made of questions that have the time. */
  batches: batches.prefault({}),
  /** What judges of live traffic may cost, all workers together. Default: any amount. */
  budget: budget.exactOptional(),
});
