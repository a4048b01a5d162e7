import { resolve } from "node:path";

import type { GateRepositoryOptions } from "../../app/gate.ts";
import { secretsOf } from "../../app/secrets.ts";
import { withoutSecrets } from "../../app/without-secrets.ts";
import { reportJson, writeReports } from "../../app/write-reports.ts";
import { passed } from "../../core/score.ts";
import type { GateReport, Policy } from "../../core/verdict.ts";
import { EXIT } from "../exit.ts";
import { gateText } from "../print/gate-text.ts";
import { type Format, writeLine } from "../print/output.ts";
import { count } from "../print/plain.ts";
import { startProgress } from "../print/progress.ts";
import type { Session } from "../session.ts";

/** Flags that all ways to run a gate have in common. */
export interface GateRunFlags {
  readonly config?: string;
  readonly format: Format;
  readonly dataset?: string;
  readonly record?: true;
  readonly mode: Policy["mode"];
  readonly report?: string;
  readonly html?: string;
  readonly junit?: string;
}

/** Where a gate works, by its flags. */
export function placeOf(session: Session, flags: Pick<GateRunFlags, "config" | "dataset">) {
  return {
    cwd: session.cwd,
    env: session.environment,
    ...(flags.config ? { configPath: flags.config } : {}),
    ...(flags.dataset ? { dataset: flags.dataset } : {}),
  };
}

/** Runs a gate, writes the files that were asked for, prints what was found, and sets the exit code. */
export async function runAndTell(
  session: Session,
  flags: GateRunFlags,
  how: Pick<GateRepositoryOptions, "share" | "parts" | "journal" | "base">,
): Promise<void> {
  const place = placeOf(session, flags);
  // Loaded here, so that the help does not wait for it.
  const { gateRepository } = await import("../../app/gate.ts");
  const found = await withProgress((onEvent) =>
    gateRepository({
      ...place,
      ...how,
      mode: flags.mode,
      record: flags.record === true,
      signal: session.signal,
      onEvent,
    }),
  );
  // Files and terminals go to more people than the environment does.
  const report = withoutSecrets(found, secretsOf(session.environment));
  session.exitCode = exitCodeOf(report);
  try {
    await writeReports(report, pathsOf(session, flags), async () => {
      const { readMaterial } = await import("../../app/gate-material.ts");
      const { casesWithRuns } = await import("../../render/html/gate/gate-page.ts");
      return readMaterial(place, casesWithRuns(report.verdict));
    });
  } finally {
    // A file that cannot be written must not cost the verdict. One record, so `json` and `jsonl` are the same line.
    await writeLine(flags.format === "table" ? gateText(report) : reportJson(report));
  }
}

/** The files that a run writes, as absolute paths. */
export function pathsOf({ cwd }: Session, { report, html, junit }: GateRunFlags) {
  return {
    ...(report ? { report: resolve(cwd, report) } : {}),
    ...(html ? { html: resolve(cwd, html) } : {}),
    ...(junit ? { junit: resolve(cwd, junit) } : {}),
  };
}

/** A part has no verdict: it fails only when it could not try its cases. */
function exitCodeOf({ part, ended, verdict }: GateReport): number {
  if (part) return ended === "whole" ? EXIT.pass : EXIT.inconclusive;
  return EXIT[verdict.status];
}

async function withProgress(
  run: (onEvent: NonNullable<GateRepositoryOptions["onEvent"]>) => Promise<GateReport>,
): Promise<GateReport> {
  const progress = startProgress();
  let failing = 0;
  const report = await run((event) => {
    if (event.kind === "result")
      failing += event.result.scores.some((score) => passed(score) === false) ? 1 : 0;
    else
      progress.update(`${event.done} of ${count(event.planned, "trial")}, ${failing} with a failing score`);
  });
  progress.done();
  return report;
}
