import type { SamplingDecision } from "../core/sampling.ts";
import type { TraceSummary } from "../core/store.ts";

/** Whether judges saw a trace, why, and how long its spans are kept, in a sentence; empty for traces of earlier versions. */
export function samplingSentence({ sampling, spansUntil }: TraceSummary, hasSpans: boolean): string {
  const parts = [
    ...(sampling
      ? [`${sampling.sampled ? "In" : "Not in"} the sample that judges see: ${reasonOf(sampling)}`]
      : []),
    ...(spansUntil === undefined ? [] : [spansSentence(spansUntil, hasSpans)]),
  ];
  return parts.length === 0 ? "" : `${parts.join("; ")}.`;
}

/** Since when a trace has no spans any more, and why, as the rest of a sentence; empty when nobody wrote it down. */
export function lostSpans({ sampling, spansUntil }: TraceSummary): string {
  if (spansUntil === undefined) return "";
  const when = new Date(spansUntil).toISOString();
  return sampling?.sampled === false
    ? `: they were let go after ${when}, as those of all traces outside the sample (retention.leftOutHours)`
    : `: they were let go after ${when} (retention.payloadDays)`;
}

function spansSentence(spansUntil: number, hasSpans: boolean): string {
  const until = new Date(spansUntil).toISOString();
  return hasSpans ? `its spans are kept until ${until}` : `its spans were kept until ${until}`;
}

function reasonOf({ reason, probability }: SamplingDecision): string {
  switch (reason) {
    case "error":
      return "it has an error";
    case "failed-rule":
      return "a rule failed it";
    case "slow":
      return "it was slow";
    case "new-version":
      return "it is one of the first of its version";
    case "rate":
      return probability === 1
        ? "all traces are"
        : `taken by chance, as ${share(probability)} of ordinary ones`;
    case "left-out":
      return probability === 0 ? "no ordinary trace is" : `only ${share(probability)} of ordinary ones are`;
  }
}

function share(probability: number): string {
  return `${Number((probability * 100).toPrecision(3))} %`;
}
