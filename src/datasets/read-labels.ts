import { z } from "zod";

import { messageOf, TracegateError } from "../core/errors.ts";
import { TRACE_ID } from "../core/ids.ts";
import { parseJson } from "../core/json.ts";
import type { Label } from "../core/label.ts";
import { readText } from "./read-dataset.ts";

const time = z.union([
  z.number().int().nonnegative(),
  z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
]);

/** One line. What a person who writes a file by hand need not say has a default. */
const line = z.strictObject({
  v: z.literal(1).default(1),
  traceId: z.string().regex(TRACE_ID, "must be 32 lower-case hex digits"),
  scorer: z.string().min(1),
  passed: z.union([z.boolean(), z.null()], { error: "must be true, false, or null for cannot tell" }),
  reviewer: z.string().min(1).default("unknown"),
  source: z.enum(["review", "feedback", "annotation", "file"]).default("file"),
  at: time.default(0),
  probability: z.number().gt(0).max(1).exactOptional(),
  note: z.string().exactOptional(),
});

/**
 * Labels out of a JSONL file, e.g. `{"traceId": "4bf9…", "scorer": "groundedness", "passed": false, "reviewer": "ana"}`.
 *
 * @throws TracegateError `not-found` when there is no such file; `bad-input` with every line that is wrong: a set
 *   with lines left out would be another set.
 */
export async function readLabels(path: string): Promise<readonly Label[]> {
  const content = await readText(path);
  if (content === null) {
    throw new TracegateError(
      "not-found",
      `${path}: there is no such file. Write labels as JSON lines, or collect them with tracegate review --labels.`,
    );
  }
  return parseLabels(content, path);
}

/** {@link readLabels} of a text; `path` is for messages. */
export function parseLabels(content: string, path: string): readonly Label[] {
  const labels: Label[] = [];
  const problems: string[] = [];
  content.split("\n").forEach((text, index) => {
    if (text.trim() === "") return;
    const parsed = line.safeParse(jsonOf(text));
    if (parsed.success) labels.push(parsed.data);
    else {
      const [issue] = parsed.error.issues;
      const what = issue?.path.length ? `${issue.path.join(".")}: ${issue.message}` : (issue?.message ?? "");
      problems.push(`${path}:${index + 1}: ${what}`);
    }
  });
  if (problems.length > 0) {
    throw new TracegateError(
      "bad-input",
      ["These labels cannot be read. Correct them:", ...problems].join("\n  "),
    );
  }
  return labels;
}

function jsonOf(text: string): unknown {
  try {
    return parseJson(text) ?? text;
  } catch (error) {
    return messageOf(error);
  }
}
