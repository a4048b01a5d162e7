import type { Label } from "../core/label.ts";
import type { Annotation, Trace } from "../core/trace.ts";

const PASSING = new Set([
  "pass",
  "passed",
  "correct",
  "yes",
  "good",
  "true",
  "up",
  "thumbs up",
  "thumbs_up",
  "👍",
]);
const FAILING = new Set([
  "fail",
  "failed",
  "incorrect",
  "no",
  "bad",
  "false",
  "down",
  "thumbs down",
  "thumbs_down",
  "👎",
]);

/**
 * What people had said of a trace before it came here: its annotations with annotator kind `HUMAN` (OpenInference), as labels about
 * the scorer of that name. A score of 0.5 or more is a pass; without a score its label decides; one that says neither is left out.
 */
export function humanLabels({
  traceId,
  endTime,
  annotations,
}: Pick<Trace, "traceId" | "endTime" | "annotations">): readonly Label[] {
  return annotations.flatMap((annotation): Label[] => {
    const passed = annotation.annotatorKind?.toUpperCase() === "HUMAN" ? verdictOf(annotation) : null;
    if (passed === null) return [];
    const { name: scorer, explanation: note } = annotation;
    return [
      {
        v: 1,
        traceId,
        scorer,
        passed,
        reviewer: "annotation",
        source: "annotation",
        at: Math.round(endTime),
        ...(note !== undefined && { note: note.slice(0, 4_000) }),
      },
    ];
  });
}

function verdictOf({ value, label }: Annotation): boolean | null {
  if (value !== undefined) return value >= 0.5;
  const word = label?.trim().toLowerCase() ?? "";
  if (PASSING.has(word)) return true;
  return FAILING.has(word) ? false : null;
}
