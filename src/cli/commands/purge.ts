import { relative } from "node:path";
import { Command } from "commander";

import { openPurge, type PurgePlan, type PurgeResult, type Whom } from "../../app/purge-traces.ts";
import { TracegateError } from "../../core/errors.ts";
import { TRACE_ID } from "../../core/ids.ts";
import type { TracedItem } from "../../datasets/find-provenance.ts";
import { configOption, formatOption } from "../options.ts";
import { confirmed } from "../print/ask.ts";
import { type Format, recordWriter, writeLine } from "../print/output.ts";
import { count, plain } from "../print/plain.ts";
import { configOf, type Session } from "../session.ts";

interface PurgeFlags {
  readonly config?: string;
  readonly redis?: string | true;
  readonly trace?: string;
  readonly user?: string;
  readonly yes?: true;
  readonly dryRun?: true;
  readonly format: Format;
}

/** Traces named in what is printed for people. */
const SHOWN = 20;

/** `tracegate purge --user <id> | --trace <id>` */
export function purgeCommand(session: Session): Command {
  return new Command("purge")
    .summary("delete a trace, or all traces of a user")
    .description(
      "Deletes a trace, or all traces of a user: scores, spans, decisions, labels, judge answers, deliveries, what waits " +
        "and what is dead, and cases and recordings that are not in git yet. Says what lies in git and in backends, and how " +
        "to remove it there. What arrives of a purged trace within privacy.refusePurgedDays is dropped.",
    )
    .option("--trace <id>", "the trace, 32 hex digits")
    .option("--user <id>", "all traces of this user, as the traces name them")
    .option("--dry-run", "only say what there is")
    .option("--yes", "do not ask")
    .option("--redis [url]", "the jobs are in Redis (default: embedded, or REDIS_URL if it is set)")
    .addOption(configOption())
    .addOption(formatOption())
    .action(async (flags: PurgeFlags) => {
      const whom = whomOf(flags);
      const { config } = await configOf(session, flags.config);
      const { cwd, environment } = session;
      const redis = flags.redis === undefined ? {} : { redis: flags.redis };
      const purge = await openPurge(config, { cwd, environment, ...redis }, whom);
      try {
        if (flags.dryRun) return await print(purge.plan, flags, session);
        if (!flags.yes && !(await agreed(purge.plan, session))) {
          session.exitCode = 2;
          return await writeLine("Nothing was deleted. Say yes, or give --yes.");
        }
        await print(await purge.run(), flags, session);
      } finally {
        await purge.close();
      }
    });
}

function whomOf({ trace, user }: PurgeFlags): Whom {
  if ((trace === undefined) === (user === undefined) || user === "")
    throw new TracegateError("usage", "Give either --trace <id> or --user <id>.");
  if (user !== undefined) return { userId: user };
  const traceId = (trace ?? "").toLowerCase();
  // What is deleted is gone, so no beginning of an id is taken for the whole.
  if (!TRACE_ID.test(traceId))
    throw new TracegateError(
      "usage",
      `"${trace}" is not a whole trace id. Give its 32 hex digits; \`tracegate why\` finds it by the first few.`,
    );
  return { traceId };
}

async function agreed(plan: PurgePlan, { signal }: Session): Promise<boolean> {
  const files = plan.files.filter(({ commits }) => commits.length === 0).length;
  return confirmed(
    `Delete ${count(plan.traces.length, "trace")}, ${count(plan.answers, "judge answer")} and ${count(files, "item")} in files for good?`,
    signal,
  );
}

async function print(
  found: PurgePlan | PurgeResult,
  { format }: PurgeFlags,
  { cwd }: Session,
): Promise<void> {
  if (format !== "table") {
    const writer = recordWriter(format, { single: true });
    await writer.write(found);
    return writer.end();
  }
  const files = found.files.map((file) => ({ ...file, path: relative(cwd, file.path) }));
  const lines = [
    ...headOf(found),
    ...ownFiles(files, "refusedUntil" in found),
    ...inGit(files.filter(({ commits }) => commits.length > 0)),
    ...inBackends(found),
  ];
  await writeLine(lines.join("\n"));
}

function headOf(found: PurgePlan | PurgeResult): readonly string[] {
  const what = `${count(found.traces.length, "trace")} and ${count(found.answers, "judge answer")}`;
  const more = found.traces.length > SHOWN ? [`  and ${found.traces.length - SHOWN} more`] : [];
  const ids = [...found.traces.slice(0, SHOWN).map(({ traceId }) => `  ${traceId}`), ...more];
  if (!("refusedUntil" in found)) return [`There are ${what}:`, ...ids];
  const waiting = `Of ${found.waited} spans had waited; ${count(found.jobs, "job")} went with them.`;
  const until = new Date(found.refusedUntil).toISOString();
  const refused = `What still arrives of them is dropped until ${until}.`;
  const scrub =
    found.scrubbed === false
      ? [
          "Deleted bytes may still be in free pages of the state file, because another process is at work or the file is large. " +
            "Run the same command again when `tracegate up` is stopped.",
        ]
      : [];
  return [`Deleted ${what}:`, ...ids, waiting, refused, ...scrub];
}

function ownFiles(files: readonly TracedItem[], isDone: boolean): readonly string[] {
  const own = files.filter(({ commits }) => commits.length === 0);
  if (own.length === 0) return [];
  return [
    "",
    `Not in git, ${isDone ? "deleted" : "to be deleted"}:`,
    ...own.map((item) => `  ${named(item)}`),
  ];
}

function inGit(files: readonly TracedItem[]): readonly string[] {
  if (files.length === 0) return [];
  const recordings = files.filter(({ kind, isThere }) => kind === "recording" && isThere);
  const expressions = files.filter(({ kind }) => kind === "case");
  const ids = [...new Set(expressions.map(({ traceId }) => traceId))];
  return [
    "",
    "In git, where it stays until you take it out:",
    ...files.map((item) => `  ${named(item)}, commits ${item.commits.join(" ")}`),
    "Out of the newest commit:",
    ...recordings.map(({ path }) => `  git rm '${path}'`),
    ...expressions
      .filter(({ isThere }) => isThere)
      .map(({ path, traceId }) => `  sed -i '/${traceId}/d' '${path}'`),
    "Out of its history (rewrites every commit since; all clones have to be made anew):",
    ...recordings.map(({ path }) => `  git filter-repo --invert-paths --path '${path}'`),
    ...ids.map(
      (id) =>
        `  printf 'regex:(?m)^.*${id}.*$==>\\n' > purge.txt && git filter-repo --replace-text purge.txt && rm purge.txt`,
    ),
  ];
}

function named({ kind, path, caseId, isThere }: TracedItem): string {
  const what = kind === "case" ? `case ${caseId ?? "(taken out since)"} in ${path}` : `${kind} ${path}`;
  return isThere ? what : `${what}, in history only`;
}

function inBackends({ traces }: PurgePlan): readonly string[] {
  const sinks = [...new Set(traces.flatMap(({ deliveredTo }) => deliveredTo))].sort();
  if (sinks.length === 0) return [];
  const lines = sinks.flatMap((sink) => {
    const ids = traces.filter(({ deliveredTo }) => deliveredTo.includes(sink)).map(({ traceId }) => traceId);
    return [
      `  ${plain(sink)} has ${count(ids.length, "of these traces", "of these traces")}:`,
      ...ids.map((id) => `    ${id}`),
    ];
  });
  return ["", "Sent to backends; delete it there by these ids (docs/privacy.md has the calls):", ...lines];
}
