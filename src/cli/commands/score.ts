import { Command } from "commander";

import { equipAlone } from "../../app/equipment.ts";
import { readTraces } from "../../app/read-traces.ts";
import { type ScoredTraceResult, scoreTraces } from "../../app/score-traces.ts";
import { configOption, formatOption } from "../options.ts";
import { type Format, note, recordWriter, writeLine } from "../print/output.ts";
import { count, plain } from "../print/plain.ts";
import { startProgress } from "../print/progress.ts";
import { failingRows, failureTable, ScoreCounts } from "../print/score-table.ts";
import { configOf, type Session } from "../session.ts";

/** Failing scores printed in a table; the rest is counted. */
const MAX_ROWS = 40;

/** `tracegate score <files>` */
export function scoreCommand(session: Session): Command {
  return new Command("score")
    .summary("score the traces in OTLP files")
    .description(
      "Scores the traces in OTLP files: JSON, JSON lines or protobuf; plain, gzip or zstd; - is standard input. " +
        "Nothing is stored. Without a key for a model, judges are unscored with the reason; rules always run.",
    )
    .argument("<files...>", "OTLP files, or - for standard input")
    .addOption(configOption())
    .addOption(formatOption())
    .action(async (files: string[], options: { config?: string; format: Format }) => {
      const { config } = await configOf(session, options.config);
      const equipment = equipAlone(config, session.environment);
      const progress = startProgress();
      const problems: string[] = [];
      const traces = readTraces({
        files,
        signal: session.signal,
        names: config.conventions.names,
        onProblem: (problem) => problems.push(problem),
        onProgress: ({ bytes, traces }) =>
          progress.update(`reading: ${count(traces, "trace")}, ${Math.round(bytes / 1e6)} MB`),
      });
      const counts = new ScoreCounts();
      const show = () =>
        progress.update(`scored ${count(counts.traces, "trace")}, ${counts.failing} failing`);
      const results = counting(scoreTraces(traces, equipment, config, session.signal), counts, show);
      if (options.format === "table") await printTable(results, counts, () => progress.done());
      else await printRecords(results, options.format);
      progress.done();
      for (const problem of problems) note(plain(problem));
      if (problems.length > 0 || counts.traces === 0) session.exitCode = 1;
      if (counts.traces === 0 && problems.length === 0) note("No trace was found in the input.");
    });
}

async function* counting(results: AsyncIterable<ScoredTraceResult>, counts: ScoreCounts, show: () => void) {
  for await (const result of results) {
    counts.add(result.scores);
    show();
    yield result;
  }
}

async function printRecords(
  results: AsyncIterable<ScoredTraceResult>,
  format: "json" | "jsonl",
): Promise<void> {
  const writer = recordWriter(format);
  for await (const { trace, scores } of results) await writer.write({ traceId: trace.traceId, scores });
  await writer.end();
}

async function printTable(
  results: AsyncIterable<ScoredTraceResult>,
  counts: ScoreCounts,
  clear: () => void,
): Promise<void> {
  const rows: string[][] = [];
  let more = 0;
  for await (const result of results) {
    const failing = failingRows(result);
    const room = Math.max(0, MAX_ROWS - rows.length);
    rows.push(...failing.slice(0, room));
    more += Math.max(0, failing.length - room);
  }
  clear();
  if (rows.length > 0) await writeLine(`${failureTable(rows)}\n`);
  if (more > 0) await writeLine(`... and ${more} more; --format jsonl prints them all\n`);
  if (counts.traces > 0) await writeLine(counts.render());
}
