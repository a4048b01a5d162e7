import { resolve } from "node:path";
import { Command } from "commander";

import { equip, equipAlone } from "../../app/equipment.ts";
import { readTraces } from "../../app/read-traces.ts";
import { type ScoredTraceResult, scoreTraces } from "../../app/score-traces.ts";
import { storedTraces } from "../../app/stored-traces.ts";
import type { Config } from "../../config/schema.ts";
import { TracegateError } from "../../core/errors.ts";
import type { TraceSummary } from "../../core/store.ts";
import { type HarvestReport, harvest } from "../../pipeline/harvest.ts";
import { configOption, formatOption, pointInTime } from "../options.ts";
import { type Format, note, recordWriter, writeLine } from "../print/output.ts";
import { count, plain } from "../print/plain.ts";
import { startProgress } from "../print/progress.ts";
import { configOf, type Session } from "../session.ts";

interface HarvestFlags {
  readonly config?: string;
  readonly format: Format;
  readonly into?: string;
  readonly only?: readonly string[];
  readonly since?: number;
}

/** `tracegate harvest [files]` */
export function harvestCommand(session: Session): Command {
  return new Command("harvest")
    .summary("turn failing traces into eval cases")
    .description(
      "Turns traces with a failing score into quarantined cases of a dataset in git: of the traces that " +
        "`tracegate up` has scored, or of OTLP files, which are scored first. The same traffic again changes no " +
        "byte. Anything that looks like a key is not written.",
    )
    .argument("[files...]", "OTLP files (default: the stored traces)")
    .addOption(configOption())
    .addOption(formatOption())
    .option("--into <file>", "dataset to add to (default: harvest.dataset of the configuration)")
    .option("--only <scorers...>", "only failures of these scorers")
    .option(
      "--since <time>",
      "stored traces that began at or after this time, e.g. 2026-11-20 or 2026-11-20T08:00Z",
      pointInTime,
    )
    .action(async (files: string[], flags: HarvestFlags) => {
      const { config } = await configOf(session, flags.config);
      refuseUnknown(flags.only, equip(config, session.environment).scorers);
      const dataset = flags.into ?? config.harvest.dataset;
      const progress = startProgress();
      let seen = 0;
      const gone: TraceSummary[] = [];
      const report = await harvest({
        traces: watched(
          files.length > 0 ? fromFiles(files, config, session) : fromStore(config, session, flags, gone),
          () => {
            seen += 1;
            progress.update(`looked at ${count(seen, "trace")}`);
          },
        ),
        datasetPath: resolve(session.cwd, dataset),
        recordingsDirectory: resolve(session.cwd, config.harvest.recordings),
        ...(flags.only ? { only: flags.only } : {}),
      });
      progress.done();
      if (flags.format === "table") await writeLine(render(report, dataset));
      else {
        const writer = recordWriter(flags.format, { single: true });
        await writer.write(report);
        await writer.end();
      }
      if (gone.length > 0) note(goneNote(gone));
      for (const { message } of report.blocked) note(plain(message));
      if (report.blocked.length > 0) session.exitCode = 1;
    });
}

/** A misspelt name would else harvest nothing, and a file after `--only` would be taken for a name. */
function refuseUnknown(only: readonly string[] = [], scorers: readonly { readonly name: string }[]): void {
  const known = scorers.map(({ name }) => name);
  const unknown = only.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new TracegateError(
    "usage",
    `--only: there is no scorer "${unknown}". Known: ${known.join(", ")}. Files go before --only.`,
  );
}

async function* watched(traces: AsyncIterable<ScoredTraceResult>, onTrace: () => void) {
  for await (const trace of traces) {
    onTrace();
    yield trace;
  }
}

function fromFiles(
  files: readonly string[],
  config: Config,
  session: Session,
): AsyncIterable<ScoredTraceResult> {
  const onProblem = (problem: string) => {
    note(plain(problem));
    session.exitCode = 1;
  };
  const traces = readTraces({ files, signal: session.signal, onProblem, names: config.conventions.names });
  return scoreTraces(traces, equipAlone(config, session.environment), config, session.signal);
}

function fromStore(
  config: Config,
  session: Session,
  { since }: HarvestFlags,
  gone: TraceSummary[],
): AsyncIterable<ScoredTraceResult> {
  const filter = { failing: true, ...(since === undefined ? {} : { since }) };
  return storedTraces(config, session, { filter }, (summary) => gone.push(summary));
}

/** Nobody harvested them in time, or nobody had to: what they could have become may be in the dataset already. */
function goneNote(gone: readonly TraceSummary[]): string {
  const last = Math.max(...gone.map(({ spansUntil = 0 }) => spansUntil));
  const until = last === 0 ? "" : `, the last after ${new Date(last).toISOString()}`;
  return `Not looked at: ${count(gone.length, "failing trace")} whose spans were let go${until}. Harvest more often than every retention.payloadDays, or raise it; --since leaves them out.`;
}

function render(report: HarvestReport, dataset: string): string {
  const lines = [
    `${dataset}: ${count(report.added.length, "new case")}, ${report.merged.length} extended, ${report.unchanged.length} already there`,
  ];
  if (report.failing === 0) lines.push("No trace with a failing score was found.");
  for (const { traceId, reason } of report.skipped) lines.push(`  skipped ${traceId}: ${plain(reason)}`);
  const redactions = Object.entries(report.redactions).map(([rule, number]) => `${number} ${rule}`);
  if (redactions.length > 0)
    lines.push(
      `  replaced in recordings: ${redactions.join(", ")}. Names are not recognised; look for them.`,
    );
  if (report.added.length > 0) lines.push("Next: tracegate review");
  return lines.join("\n");
}
