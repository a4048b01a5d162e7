import { z } from "zod";

import { TracegateError } from "../core/errors.ts";
import { TRACE_ID } from "../core/ids.ts";
import { parseJson } from "../core/json.ts";
import { readText } from "./read-dataset.ts";

const line = z.object({
  traceId: z.string().regex(TRACE_ID, "must be 32 lower-case hex digits"),
  scorer: z.string().min(1),
  passed: z.boolean({ error: "must be true or false" }),
  probability: z.number().gt(0).max(1).exactOptional(),
  costUsd: z.number().nonnegative().nullable().exactOptional(),
});

/** What a judge said of one trace. */
export interface RecordedJudgement {
  readonly traceId: string;
  readonly passed: boolean;
  readonly probability?: number;
  /** USD. */
  readonly costUsd?: number | null;
}

/**
 * A judge's answers out of a JSONL file, by scorer: `{"traceId": "4bf9…", "scorer": "groundedness", "passed": true, "costUsd": 0.002}`. Other
 * keys are ignored, so that records of other tools need only a rename.
 *
 * @throws TracegateError `not-found`, or `bad-input` with the first line that is wrong.
 */
export async function readJudgements(
  path: string,
): Promise<ReadonlyMap<string, readonly RecordedJudgement[]>> {
  const content = await readText(path);
  if (content === null) throw new TracegateError("not-found", `${path}: there is no such file of answers.`);
  const byScorer = new Map<string, RecordedJudgement[]>();
  content.split("\n").forEach((text, index) => {
    if (text.trim() === "") return;
    const parsed = line.safeParse(parseJson(text));
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const what = `${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`.trim();
      throw new TracegateError("bad-input", `${path}:${index + 1}: ${what}. Correct the line.`);
    }
    const { scorer, ...judgement } = parsed.data;
    byScorer.set(scorer, [...(byScorer.get(scorer) ?? []), judgement]);
  });
  return byScorer;
}
