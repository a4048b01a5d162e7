import type { Labelling } from "../../app/labelling.ts";
import type { Label } from "../../core/label.ts";

/** Whether the judge or another person says something else of the trace. */
export function differs({ traceId, passed }: Label, labelling: Labelling): boolean {
  if (passed === null) return false;
  const judge = labelling.judgeSaid(traceId);
  const others = labelling.others(traceId);
  return (
    (judge !== undefined && judge.passed !== passed) ||
    others.some((other) => other.passed !== null && other.passed !== passed)
  );
}

/** What the judge and other people said of a trace, a line each. */
export function saidByOthers(traceId: string, labelling: Labelling): readonly string[] {
  const judge = labelling.judgeSaid(traceId);
  return [
    ...(judge ? [`the judge said ${word(judge.passed)}: ${judge.explanation ?? "no reason given"}`] : []),
    ...labelling.others(traceId).map((other) => `${other.reviewer} said ${word(other.passed)}`),
  ];
}

/** How often a person and the judge differ, of the traces on which both have decided. */
export interface JudgeDiffers {
  readonly times: number;
  readonly of: number;
}

/** Counts {@link JudgeDiffers} over what a person has said. */
export function judgeDiffers(labels: readonly Label[], labelling: Labelling): JudgeDiffers {
  const decided = labels.flatMap(({ traceId, passed }) => {
    const judge = labelling.judgeSaid(traceId)?.passed ?? null;
    return passed === null || judge === null ? [] : [judge !== passed];
  });
  return { times: decided.filter(Boolean).length, of: decided.length };
}

/** A label's value as people say it. */
export function word(passed: boolean | null): string {
  if (passed === null) return "cannot tell";
  return passed ? "pass" : "fail";
}
