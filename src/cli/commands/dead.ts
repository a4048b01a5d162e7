import { Command } from "commander";

import { type DeadLetters, openDeadLetters } from "../../app/dead-letters.ts";
import { TracegateError } from "../../core/errors.ts";
import type { DeadJob } from "../../core/queue.ts";
import { configOption, formatOption, limitOption } from "../options.ts";
import { type Format, recordWriter, writeLine } from "../print/output.ts";
import { count, plain } from "../print/plain.ts";
import { table } from "../print/table.ts";
import { configOf, type Session } from "../session.ts";

interface CommonFlags {
  readonly config?: string;
  readonly redis?: string | true;
}
interface ListFlags extends CommonFlags {
  readonly format: Format;
  readonly reason?: string;
  readonly limit: number;
}
interface RedriveFlags extends CommonFlags {
  readonly all?: true;
  readonly reason?: string;
}

/** Jobs that one redrive takes at the most: as many as the queue keeps. */
const ALL = 10_000;

/** `tracegate dead list | show | redrive` */
export function deadCommand(session: Session): Command {
  const using = async (flags: CommonFlags, work: (letters: DeadLetters) => Promise<void>) => {
    const { config } = await configOf(session, flags.config);
    const { cwd, environment } = session;
    const redis = flags.redis === undefined ? {} : { redis: flags.redis };
    const letters = await openDeadLetters(config, { cwd, environment, ...redis });
    try {
      await work(letters);
    } finally {
      await letters.close();
    }
  };
  return new Command("dead")
    .summary("list jobs that were given up, and run them again")
    .description(
      "Jobs that cannot be done are laid down with the reason: spans that nobody can read, a trace that ends every " +
        "process that holds it, too many tries. Their spans are kept for worker.keepDeadMs.",
    )
    .addCommand(
      common(new Command("list").description("Lists dead jobs, the newest first."))
        .option("--reason <text>", "only those whose reason contains this")
        .addOption(limitOption())
        .addOption(formatOption())
        .action((flags: ListFlags) => using(flags, (letters) => list(letters, flags))),
    )
    .addCommand(
      common(new Command("show").description("Tells all about one dead job."))
        .argument("<id>", "as dead list gives it, or its first digits")
        .addOption(formatOption())
        .action((id: string, flags: ListFlags) => using(flags, (letters) => show(letters, id, flags.format))),
    )
    .addCommand(
      common(new Command("redrive").description("Runs dead jobs again, as if they had never been tried."))
        .argument("[ids...]", "as dead list gives them, or their first digits")
        .option("--all", "all of them")
        .option("--reason <text>", "all whose reason contains this")
        .action((ids: readonly string[], flags: RedriveFlags) =>
          using(flags, (letters) => redrive(letters, ids, flags)),
        ),
    );
}

function common(command: Command): Command {
  return command
    .addOption(configOption())
    .option("--redis [url]", "the jobs are in Redis (default: embedded, or REDIS_URL if it is set)");
}

async function list(letters: DeadLetters, flags: ListFlags): Promise<void> {
  const { reason, limit } = flags;
  const dead = await letters.list({ limit, ...(reason !== undefined && { reason }) });
  if (flags.format !== "table") {
    const writer = recordWriter(flags.format);
    for (const one of dead) await writer.write(withoutBody(one));
    return writer.end();
  }
  if (dead.length === 0) return writeLine("No job is dead.");
  const columns = [
    { heading: "ID" },
    { heading: "DIED AT" },
    { heading: "FROM" },
    { heading: "REASON", max: 120 },
  ];
  const rows = dead.map(({ id, at, job, reason }) => [
    id,
    new Date(at).toISOString(),
    job.from,
    plain(reason),
  ]);
  await writeLine(table(columns, rows));
}

async function show(letters: DeadLetters, id: string, format: Format): Promise<void> {
  const dead = await letters.find(id);
  const trace = await letters.explain(dead);
  if (format !== "table") {
    const writer = recordWriter(format, { single: true });
    await writer.write({ ...withoutBody(dead), trace });
    return writer.end();
  }
  const { job } = dead;
  const what =
    job.from === "store"
      ? `judging again: ${job.scorers?.join(", ") ?? "nothing"}`
      : `spans from: ${job.from}`;
  await writeLine(
    [
      `${dead.id}  dead since ${new Date(dead.at).toISOString()}`,
      `  ${plain(dead.reason)}`,
      `  trace ${job.traceId}, revision ${job.revision}; ${what}`,
      `  ${plain(trace.summary)}`,
      `Run it again: tracegate dead redrive ${dead.id}`,
    ].join("\n"),
  );
}

async function redrive(letters: DeadLetters, ids: readonly string[], flags: RedriveFlags): Promise<void> {
  const { reason, all } = flags;
  const ways = [ids.length > 0, all === true, reason !== undefined].filter(Boolean).length;
  if (ways !== 1) throw new TracegateError("usage", "Give either ids, or --all, or --reason <text>.");
  const dead =
    ids.length > 0
      ? await Promise.all(ids.map((id) => letters.find(id)))
      : await letters.list({ limit: ALL, ...(reason !== undefined && { reason }) });
  await writeLine(`${count(await letters.redrive(dead), "dead job")} will run again.`);
}

/** An inline body is up to megabytes of base64, which nobody wants to read. */
function withoutBody({ job, ...dead }: DeadJob) {
  const { otlp, ...rest } = job;
  return {
    ...dead,
    job: { ...rest, ...(otlp !== undefined && { otlpBytes: Math.floor((otlp.length * 3) / 4) }) },
  };
}
