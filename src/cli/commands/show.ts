import { existsSync } from "node:fs";
import { Command } from "commander";

import { readTraces } from "../../app/read-traces.ts";
import { storedTraces } from "../../app/stored-traces.ts";
import type { TraceSubject } from "../../render/html/trace-article.ts";
import { configOption, formatOption } from "../options.ts";
import { writeTracePage } from "../print/html-file.ts";
import { type Format, note, recordWriter, writeLine } from "../print/output.ts";
import { plain } from "../print/plain.ts";
import { traceTree } from "../print/trace-tree.ts";
import { configOf, type Session } from "../session.ts";

interface ShowFlags {
  readonly config?: string;
  readonly format: Format;
  readonly html?: string;
}

/** `tracegate show <files or trace ids>` */
export function showCommand(session: Session): Command {
  return new Command("show")
    .summary("show traces from files or from the store")
    .description(
      "Shows traces: the tree with times, tokens, cost and errors, or with --format json the canonical trace " +
        "that scorers see, or with --html one page with the input and output of every step. Takes OTLP files, - for standard input, or ids of stored traces (a prefix will do).",
    )
    .argument("<files or ids...>", "OTLP files, -, or trace ids")
    .addOption(configOption())
    .addOption(formatOption())
    .option("--html <file>", "write a self-contained page instead; - is standard output")
    .action(async (names: string[], options: ShowFlags) => {
      const problems: string[] = [];
      const isFile = (name: string) => name === "-" || existsSync(name) || !/^[0-9a-fA-F]{4,32}$/.test(name);
      const files = names.filter(isFile);
      const ids = names.filter((name) => !isFile(name));
      const traces = chain(session, files, ids, options.config, problems);
      const found = await (options.html === undefined
        ? print(traces, options.format)
        : writeTracePage(traces, options.html));
      for (const problem of problems) note(plain(problem));
      if (found === 0 && problems.length === 0) note("No trace was found.");
      if (problems.length > 0 || found === 0) session.exitCode = 1;
    });
}

async function* chain(
  session: Session,
  files: readonly string[],
  ids: readonly string[],
  configPath: string | undefined,
  problems: string[],
): AsyncGenerator<TraceSubject> {
  const onProblem = (problem: string) => problems.push(problem);
  const { config } = await configOf(session, configPath);
  const { names } = config.conventions;
  for await (const trace of readTraces({ files, signal: session.signal, onProblem, names })) yield { trace };
  if (ids.length > 0) yield* storedTraces(config, session, { ids });
}

async function print(traces: AsyncIterable<TraceSubject>, format: Format): Promise<number> {
  let found = 0;
  const { columns } = process.stdout;
  const terminal = columns ? { columns } : {};
  const writer = format === "table" ? undefined : recordWriter(format, { single: true });
  for await (const { trace, scores } of traces) {
    found += 1;
    if (writer) await writer.write(trace);
    else await writeLine(traceTree(trace, { ...terminal, ...(scores && { scores }) }));
  }
  if (found > 0) await writer?.end();
  return found;
}
