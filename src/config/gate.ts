import { z } from "zod";

import { HISTORY_WINDOW } from "../core/count-history.ts";
import type { Task } from "../core/run.ts";
import { madeBy, milliseconds } from "./fields.ts";

/** What git takes as part of a ref, and never as an option or an address. */
const GIT_NAME = /^(?!.*(\.\.|\/\/|@\{|\.lock(\/|$)))[\w][\w./-]*(?<![./])$/;

const historyBranch = z.strictObject({
  branch: z.string().regex(GIT_NAME, 'must be the name of a branch such as "tracegate/history"'),
  remote: z.string().regex(GIT_NAME, 'must be the name of a remote such as "origin"').optional(),
});

const historyWindow = z.strictObject({
  trials: z.number().int().positive().default(HISTORY_WINDOW.trials),
  days: z.number().positive().default(HISTORY_WINDOW.days),
});

const limit = z.number().positive("must be more than 0");

const budget = z.strictObject({
  /** USD of the agent's model calls, as its traces tell them, and of the judges' calls. */
  usd: limit.exactOptional(),
  /** Tokens of the same calls; also of models that have no price. */
  tokens: limit.exactOptional(),
  /** Minutes from the start to the last new trial. */
  minutes: limit.exactOptional(),
});

const control = z.strictObject({
  /**
   * Makes a fresh checkout of main ready to run, e.g. `["npm", "ci"]`; started in the gate's folder of it. A list is started as it is, a text
   * goes through `/bin/sh`. Absent: nothing has to be installed but what the change has installed.
   */
  setup: z.union([z.string().min(1), z.tuple([z.string().min(1)], z.string())]).optional(),
  /** Branch or commit that changes begin at. Default: GITHUB_BASE_REF, else the remote's default branch, else main or master. */
  base: z.string().min(1).optional(),
  /** How long the set-up may take, ms. */
  timeoutMs: milliseconds.default(600_000),
});

/** What the gate runs, and by which rules it decides. */
export const gate = z.strictObject({
  /** Dataset files to run. */
  datasets: z.array(z.string()).nonempty().default(["evals/datasets/harvested.jsonl"]),
  /** The agent under test: `moduleTask(...)`, `commandTask(...)`, `httpTask(...)` or `replayTask(...)`. */
  task: madeBy<Task>(
    "identity",
    "run",
    "must be moduleTask(...), commandTask(...), httpTask(...) or replayTask(...)",
  ).optional(),
  /**
   * Port on 127.0.0.1 at which agents under test leave their spans. 0, the default, takes a free one; a service that tracegate does not start
   * needs to know it: its OTEL_EXPORTER_OTLP_ENDPOINT is http://127.0.0.1:<port>.
   */
  port: z.number().int().min(0).max(65_535).default(0),
  /**
   * Where main's passes and trials are: a file, or a branch that is written through git and never checked out,
   * `{ branch: "tracegate/history" }`. `remote` is where it is shared; default `origin` when there is one.
   */
  history: z
    .union([z.string(), historyBranch], {
      error: 'must be a file such as "evals/history.jsonl", or { branch: "tracegate/history" }',
    })
    .default("evals/history.jsonl"),
  /** How far back it counts: `trials` of a case and scorer, `days` before main's newest trial. Older ones are dropped. */
  historyWindow: historyWindow.prefault({}),
  /** Cases tried at once. */
  concurrency: z.number().int().positive().max(256).default(4),
  /** Chance of blocking an unchanged agent, 0..1. */
  errorRate: z.number().gt(0).max(0.5).default(0.05),
  /**
   * Smallest loss of the mean pass rate that matters, 0..1: 0.05 is 5 points. A pull request of a smaller suite settles for a
   * larger one that about one pass rules out; a release never does.
   */
  margin: z.number().gt(0).max(0.5).default(0.05),
  /** Chance of passing an agent that lost the margin, 0..1. */
  missRate: z.number().gt(0).max(0.5).default(0.1),
  /** Passes over the dataset that ruling the margin out may cost, first one included. */
  maxPasses: z.number().int().positive().default(5),
  /** Share of the error rate that a case gets beside the others, by its tags: the largest counts, no such tag is 1. */
  weights: z
    .record(z.string(), z.number().positive())
    .default({ "severity:critical": 8, "severity:high": 4, "severity:low": 0.5 }),
  /** Tags of cases that block a release while they fail, also when main fails them. */
  mustFix: z.array(z.string()).default(["severity:critical"]),
  /** Trials on main that a case needs before it guards. */
  minHistory: z.number().int().positive().default(3),
  /** Trials of one case in one run, at the most. */
  maxTrials: z.number().int().positive().default(6),
  /**
   * How main is tried again before a block. Default: it is where nothing has to be installed for it, or the packages of Node are the
   * same with the change; else the block says that it is not controlled. False: never.
   */
  control: z
    .union([control, z.literal(false)], {
      error: 'must be how main is set up, e.g. { setup: ["npm", "ci"] }, or false',
    })
    .optional(),
  /** What one run may cost; a limit that is reached makes it inconclusive. Default: no limit. */
  budget: budget.default({}),
  /** Share of trials without a score above which the verdict is inconclusive, 0..1. A guarding case needs one score at least. */
  maxUnscored: z.number().min(0).max(1).default(0.05),
  /** Judges that may block although their calibration does not say so, by scorer name. */
  trust: z.array(z.string()).default([]),
  /** Quiet time after which a case's spans are taken to be all there, ms. */
  quietMs: milliseconds.default(2_000),
});
