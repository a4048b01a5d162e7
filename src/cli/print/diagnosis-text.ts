import { styleText } from "node:util";

import type { DiagnosisReport, Finding } from "../../pipeline/diagnose/diagnose.ts";
import { nameOfInstrumentation } from "../../pipeline/diagnose/instrumentation.ts";
import type { Severity } from "../../pipeline/diagnose/rule.ts";
import { count, plain } from "./plain.ts";

const COLOURS = { serious: "red", warning: "yellow", hint: "cyan" } as const;

/** A diagnosis for people: what is lacking, what that costs, how to mend it. */
export function diagnosisText(report: DiagnosisReport): string {
  const { traces, instrumentations, findings } = report;
  const lines = [
    styleText("bold", `${count(traces, "trace")}, ${count(instrumentations.length, "instrumentation")}`),
    ...instrumentations.map((one) => `  ${plain(nameOfInstrumentation(one))}: ${count(one.traces, "trace")}`),
  ];
  for (const finding of findings) lines.push("", ...findingLines(finding));
  return [...lines, "", summary(findings)].join("\n");
}

function findingLines(finding: Finding): string[] {
  const { code, severity, costs, blinds, traces, of, names, examples, mend } = finding;
  const blind = blinds.length === 0 ? "" : ` Affects: ${blinds.join(", ")}.`;
  const example = examples
    .map(({ traceId, spanIds }) => (spanIds.length === 0 ? traceId : `${traceId} (span ${spanIds[0]})`))
    .join(", ");
  return [
    `${styleText(COLOURS[severity], severity)}  ${styleText("bold", code)}  ${traces} of ${count(of, "trace")}`,
    `  ${finding.finding}${names.length === 0 ? "" : ` ${names.map((name) => plain(name)).join(", ")}`}`,
    `  costs  ${costs}${blind}`,
    ...mend.map(
      ({ instrumentations, advice }) => `  mend   ${advice}${forWhom(instrumentations, mend.length > 1)}`,
    ),
    `  see    ${example}`,
  ];
}

/** Named only where the advice differs. */
function forWhom(instrumentations: readonly string[], differs: boolean): string {
  return differs ? ` [${instrumentations.map((name) => plain(name)).join(", ")}]` : "";
}

function summary(findings: readonly Finding[]): string {
  if (findings.length === 0) return "Nothing is lacking.";
  const of = (severity: Severity) => findings.filter((finding) => finding.severity === severity).length;
  return `${of("serious")} serious, ${count(of("warning"), "warning")}, ${count(of("hint"), "hint")}.`;
}
