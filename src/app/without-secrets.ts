import type { GateReport } from "../core/verdict.ts";

const MASK = "***";

/** The report without the secrets. The runner masks them in the log, but not in files, comments and checks. */
export function withoutSecrets(report: GateReport, secrets: readonly string[]): GateReport {
  const text = JSON.stringify(report);
  if (!secrets.some((secret) => text.includes(JSON.stringify(secret).slice(1, -1)))) return report;
  const hide = (value: string) => secrets.reduce((rest, secret) => rest.replaceAll(secret, MASK), value);
  const masked: GateReport = JSON.parse(text, (_, value: unknown) =>
    typeof value === "string" ? hide(value) : value,
  );
  return masked;
}
