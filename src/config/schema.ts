import { z } from "zod";

import { CANONICAL_NAMES } from "../conventions/named-fields.ts";
import { HISTORY_WINDOW } from "../core/count-history.ts";
import type { Judge } from "../core/judge.ts";
import type { Task } from "../core/run.ts";
import type { Scorer } from "../core/scorer.ts";
import type { SessionScorer } from "../core/session-scorer.ts";
import type { Sink } from "../core/sink.ts";
import { OVERLOAD } from "../pipeline/pressure.ts";
import { judging } from "./judging.ts";

/** An object made by one of our factories, recognised by a text and a method that every such object has. */
function madeBy<T>(text: keyof T & string, method: keyof T & string, remedy: string) {
  return z.custom<T>(
    (value) =>
      typeof value === "object" &&
      value !== null &&
      typeof Reflect.get(value, text) === "string" &&
      typeof Reflect.get(value, method) === "function",
    { error: remedy },
  );
}

const milliseconds = z.number().int().nonnegative();

const receiver = z.strictObject({
  /** Address to listen on. Beyond loopback a token is required. */
  host: z.string().default("127.0.0.1"),
  /** 0 takes a free port. */
  port: z.number().int().min(0).max(65_535).default(4318),
  /** Port of OTLP/gRPC; 0 takes a free one, null or false does without. Default 4317; where `port` is 0, a free one. */
  grpcPort: z
    .union([z.number().int().min(0).max(65_535), z.null(), z.literal(false)], {
      error: "must be a port (0 takes a free one), or null for no OTLP/gRPC",
    })
    .optional(),
  /**
   * Prefixes of further paths to take OTLP at: `/collector` adds `/collector/v1/traces`, `/collector/v1/logs` and,
   * for traces, `/collector` itself.
   */
  paths: z.array(z.string().regex(/^\/[\w\-./~%]*$/, "must be a path such as /collector")).default([]),
  /**
   * Environment variable that holds the token senders must show: as bearer token, as password of Basic
   * authorization, or as x-api-key.
   */
  tokenEnv: z.string().optional(),
  /** Bytes of one body after decompression, 64 MiB. */
  maxBodyBytes: z
    .number()
    .int()
    .positive()
    .default(64 * 1024 * 1024),
});

const count = z.number().int().positive();

const overload = z.strictObject({
  /** Bytes of spans that wait above which new ones are refused with 429, 4 GiB. */
  bytes: count.default(OVERLOAD.bytes),
  /** How long a trace may wait in the queue before new spans are refused, ms; null: any time. */
  queueAgeMs: milliseconds.nullable().default(OVERLOAD.queueAgeMs),
  /** Below this share of the limit that was reached spans are taken again, 0..1. */
  resumeShare: z.number().positive().max(1).default(OVERLOAD.resumeShare),
});

const completion = z.strictObject({
  /** Quiet time after the root ended and every parent is known, ms. */
  afterRootMs: milliseconds.default(10_000),
  /** Quiet time without a usable root, ms. */
  idleMs: milliseconds.default(60_000),
  /** Quiet time after which a session is scored by `sessionScorers`, ms. */
  sessionIdleMs: milliseconds.default(1_800_000),
  /** Age, spans and bytes at which a trace is scored as it is. */
  maxAgeMs: milliseconds.default(3_600_000),
  maxSpans: count.default(100_000),
  maxBytes: count.default(64 * 1024 * 1024),
  /** Other limits for some services, by the `service.name` of a trace's root span: `{ "batch-agent": { idleMs: 600_000 } }`. */
  services: z
    .record(
      z.string(),
      z.strictObject({
        afterRootMs: milliseconds.optional(),
        idleMs: milliseconds.optional(),
        maxAgeMs: milliseconds.optional(),
        maxSpans: count.optional(),
        maxBytes: count.optional(),
      }),
    )
    .optional(),
});

const worker = z.strictObject({
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

const sampling = z.strictObject({
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

const retention = z.strictObject({
  /** How long the spans of traces in the sample are kept, days. Summaries and scores stay. */
  payloadDays: z.number().positive().default(7),
  /**
   * How long those of the others are kept, hours: sinks may ask for them, and late spans are joined to them. Should be longer than
   * `completion.maxAgeMs`.
   */
  leftOutHours: z.number().nonnegative().default(3),
});

const privacy = z.strictObject({
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

const server = z.strictObject({
  /** Address of health and metrics. Beyond loopback a token is required. */
  host: z.string().default("127.0.0.1"),
  /** 0 takes a free port. */
  port: z.number().int().min(0).max(65_535).default(9464),
  /** Environment variable that holds the token for everything but `/healthz`. */
  tokenEnv: z.string().optional(),
});

const harvest = z.strictObject({
  /** Dataset file that failures are added to. */
  dataset: z.string().default("evals/datasets/harvested.jsonl"),
  /** Folder of recorded tool results. */
  recordings: z.string().default("evals/recordings"),
});

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

const gate = z.strictObject({
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

const attributeNames = z.array(z.string().min(1, "must be the name of an attribute")).nonempty().optional();

const conventions = z.strictObject({
  /**
   * Attribute names of your own, by the canonical field that they mean: `{ userId: ["acct"] }`. Of several the
   * first that is there counts. They rank below every known convention, and above the usual hand-made names;
   * for `organisationId` and `feature`, which no convention names, they come first.
   */
  names: z
    .strictObject(
      // fromEntries forgets the names of the keys.
      Object.fromEntries(CANONICAL_NAMES.map((name) => [name, attributeNames])) as {
        [Name in (typeof CANONICAL_NAMES)[number]]: typeof attributeNames;
      },
    )
    .optional(),
});

/** The configuration. Unknown keys are refused; every default is here and nowhere else. */
export const configSchema = z.strictObject({
  /** What is applied to every trace, live and in the gate. Default: all rule scorers, groundedness and instruction following. */
  scorers: z
    .array(madeBy<Scorer>("name", "score", "must be a scorer made by defineScorer(...) or defineJudge(...)"))
    .optional(),
  /** What is applied to every session when it has been idle; see `completion.sessionIdleMs`. Live only. */
  sessionScorers: z
    .array(
      madeBy<SessionScorer>(
        "name",
        "scoreSession",
        "must be a scorer made by defineSessionScorer(...) or overSession(...)",
      ),
    )
    .default([]),
  /** The model that answers judge scorers. Default: chosen by OPENAI_API_KEY or ANTHROPIC_API_KEY. */
  judge: madeBy<Judge>("provider", "ask", "must be openai(...) or anthropic(...)").optional(),
  /** Where scored traces are sent. Our own store always has them. */
  sinks: z.array(madeBy<Sink>("name", "write", "must be a sink such as otlp(...)")).default([]),
  /** Folder of the embedded store, relative to the working directory. */
  directory: z.string().default(".tracegate"),
  receiver: receiver.prefault({}),
  /** When more waits than is good. */
  overload: overload.prefault({}),
  /**
   * A port of its own for `/healthz`, `/readyz` and `/metrics`. Default: none; whatever listens for senders answers them
   * there too, so only `tracegate work` needs it.
   */
  server: server.optional(),
  completion: completion.prefault({}),
  conventions: conventions.prefault({}),
  worker: worker.prefault({}),
  /**
   * Which live traces judges see and whose spans are kept: every one with an error, that a rule fails, that is slow or among the
   * first of a version, and a share of the rest. False or 1: all of them. The gate always scores everything.
   */
  sampling: z
    .union([sampling, z.literal(false), z.literal(1)], {
      error: "must be false for all traces, or an object such as { rate: 0.1 }",
    })
    .prefault({}),
  retention: retention.prefault({}),
  /** What is replaced in traces, and where. */
  privacy: privacy.prefault({}),
  judging: judging.prefault({}),
  harvest: harvest.prefault({}),
  gate: gate.prefault({}),
});

/** What a user writes; every key is optional. */
export type ConfigInput = z.input<typeof configSchema>;

/** The configuration with its defaults filled in. */
export type Config = z.output<typeof configSchema>;
