import { existsSync } from "node:fs";
import { Command } from "commander";

import { readTraces } from "../../app/read-traces.ts";
import { storedTraces } from "../../app/stored-traces.ts";
import type { Trace } from "../../core/trace.ts";
import { configOption, formatOption } from "../options.ts";
import { type Format, note, recordWriter, writeLine } from "../print/output.ts";
import { plain } from "../print/plain.ts";
import { traceTree } from "../print/trace-tree.ts";
import { configOf, type Session } from "../session.ts";

/** `tracegate show <files or trace ids>` */
export function showCommand(session: Session): Command {
  return new Command("show")
    .summary("show traces from files or from the store")
    .description(
      "Shows traces: the tree with times, tokens, cost and errors, or with --format json the canonical trace " +
        "that scorers see. Takes OTLP files, - for standard input, or ids of stored traces (a prefix will do).",
    )
    .argument("<files or ids...>", "OTLP files, -, or trace ids")
    .addOption(configOption())
    .addOption(formatOption())
    .action(async (names: string[], options: { config?: string; format: Format }) => {
      const problems: string[] = [];
      const isFile = (name: string) => name === "-" || existsSync(name) || !/^[0-9a-fA-F]{4,32}$/.test(name);
      const files = names.filter(isFile);
      const ids = names.filter((name) => !isFile(name));
      const found = await print(chain(session, files, ids, options.config, problems), options.format);
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
): AsyncGenerator<Trace> {
  const onProblem = (problem: string) => problems.push(problem);
  if (files.length > 0) yield* readTraces({ files, signal: session.signal, onProblem });
  if (ids.length === 0) return;
  const { config } = await configOf(session, configPath);
  for await (const { trace } of storedTraces(config, session, { ids })) yield trace;
}

async function print(traces: AsyncIterable<Trace>, format: Format): Promise<number> {
  let found = 0;
  const writer = format === "table" ? undefined : recordWriter(format, { single: true });
  for await (const trace of traces) {
    found += 1;
    if (writer) await writer.write(trace);
    else await writeLine(traceTree(trace));
  }
  if (found > 0) await writer?.end();
  return found;
}
