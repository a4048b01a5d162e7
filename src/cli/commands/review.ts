import { Command, InvalidArgumentError } from "commander";

import { openLabelling } from "../../app/labelling.ts";
import type { WaitingFailures } from "../../app/review-queue.ts";
import { TracegateError } from "../../core/errors.ts";
import { configOption } from "../options.ts";
import { note, writeLine } from "../print/output.ts";
import { count, plain } from "../print/plain.ts";
import { gitUser } from "../review/git-user.ts";
import { type LabelledResult, labelTraces } from "../review/label-traces.ts";
import { readKeys } from "../review/read-keys.ts";
import { reviewCases } from "../review/review-cases.ts";
import { configOf, type Session } from "../session.ts";

interface ReviewFlags {
  readonly config?: string;
  readonly acceptAll?: true;
  readonly by?: string;
  readonly labels?: true;
  readonly scorer?: string;
  readonly random?: true;
  readonly queue?: true;
  readonly number: number;
}

/** `tracegate review [dataset]`, `tracegate review --labels` */
export function reviewCommand(session: Session): Command {
  return new Command("review")
    .summary("accept harvested cases, or label traces for judges, one key each")
    .description(
      "Shows every case that nobody has looked at and takes one key: a accept, r reject, e edit in $EDITOR, " +
        "s skip, q quit. Each decision is on disk at once. Rejected cases stay in the file, so that the same " +
        "failure is not harvested again. With --labels it shows traces instead, and you say pass or fail for one judge's question; " +
        "what the judge said is shown at the end, or when you quit, where you differ. What a judge that goes by a document (a policy) failed waits for a person: " +
        "it comes first, and is counted at the start.",
    )
    .argument("[dataset]", "dataset file (default: the one harvest writes)")
    .addOption(configOption())
    .option("--accept-all", "accept every case that waits, without asking")
    .option("--by <name>", "who decides, for the record (default: git's user.name)")
    .option("--labels", "label traces, so that a judge can be calibrated")
    .option(
      "--scorer <name>",
      "with --labels: the judge whose question you answer (default: the only one, or the one with most that waits)",
    )
    .option("--number <number>", "with --labels: so many traces", wholeNumber, 20)
    .option(
      "--random",
      "with --labels: traces picked at random, to learn how often things fail (default: passes and fails in turn)",
    )
    .option(
      "--queue",
      "with --labels: what wants a person: what the judge failed or could not tell, and what people differ about",
    )
    .action((dataset: string | undefined, flags: ReviewFlags) =>
      flags.labels ? label(session, flags) : review(session, dataset, flags),
    );
}

async function review(session: Session, dataset: string | undefined, flags: ReviewFlags): Promise<void> {
  const { config } = await configOf(session, flags.config);
  const path = dataset ?? config.harvest.dataset;
  const acceptAll = flags.acceptAll === true;
  const { accepted, rejected, edited, left } = await reviewCases({ session, path, acceptAll, by: flags.by });
  await writeLine(
    `${path}: ${accepted} accepted, ${rejected} rejected, ${edited} edited, ${count(left, "case")} still to review`,
  );
}

async function label(session: Session, flags: ReviewFlags): Promise<void> {
  const { config } = await configOf(session, flags.config);
  const { cwd, environment } = session;
  const reviewer = flags.by ?? gitUser(cwd);
  if (reviewer === undefined) {
    throw new TracegateError(
      "usage",
      "Say who labels: --by NAME, or set git's user.name. Two people's labels are compared.",
    );
  }
  const labelling = await openLabelling(config, {
    cwd,
    environment,
    reviewer,
    size: flags.number,
    how: flags.queue ? "queue" : flags.random ? "random" : "balanced",
    ...(flags.scorer !== undefined && { scorer: flags.scorer }),
  });
  const keys = readKeys(session.signal);
  try {
    const { scorer, waiting } = labelling;
    for (const one of waiting) note(waitingText(one, one.scorer === scorer && !flags.random));
    const result = await labelTraces(labelling, { keys, reviewer });
    await writeLine(plain(summary(result, labelling.scorer)));
  } finally {
    keys.close();
    await labelling.close();
  }
}

/** Of a judge that goes by a document, such as a policy. */
function waitingText({ scorer, traceIds }: WaitingFailures, areNext: boolean): string {
  const how = areNext ? "they come first" : `tracegate review --labels --scorer ${scorer}`;
  return `${scorer}: ${count(traceIds.size, "trace")} it failed and nobody has looked at; ${how}.`;
}

function summary(
  { labelled, skipped, differed, changed, judge, agreement }: LabelledResult,
  scorer: string,
): string {
  const beside =
    agreement === null
      ? ""
      : `; kappa of ${agreement.reviewers.join(" and ")} over ${count(agreement.traces, "trace")}: ${agreement.kappa?.toFixed(2) ?? "undefined"}`;
  return [
    `${scorer}: ${labelled} labelled, ${skipped} skipped; ${differed} differed, ${changed} of them changed${beside}`,
    ...(judge.of === 0 ? [] : [`You and the judge differ in ${judge.times} of ${count(judge.of, "trace")}.`]),
    "Next: tracegate labels export --out labels.jsonl, then tracegate judge calibrate --labels labels.jsonl",
  ].join("\n");
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Give a whole number above 0.");
}
