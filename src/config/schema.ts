import { z } from "zod";

import { CANONICAL_NAMES } from "../conventions/named-fields.ts";
import type { Judge } from "../core/judge.ts";
import type { Scorer } from "../core/scorer.ts";
import type { SessionScorer } from "../core/session-scorer.ts";
import type { Sink } from "../core/sink.ts";
import { madeBy } from "./fields.ts";
import { gate } from "./gate.ts";
import { judging } from "./judging.ts";
import { completion, overload, receiver, server } from "./receiving.ts";
import { privacy, retention, sampling, worker } from "./scoring.ts";

const harvest = z.strictObject({
  /** Dataset file that failures are added to. */
  dataset: z.string().default("evals/datasets/harvested.jsonl"),
  /** Folder of recorded tool results. */
  recordings: z.string().default("evals/recordings"),
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
