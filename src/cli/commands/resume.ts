import { Command } from "commander";

import { openState } from "../../app/open-state.ts";
import {
  askAboutLeft,
  type BackfillEstimate,
  type LeftState,
  type LeftTraces,
  leftTraces,
  type PausedScorer,
  pausedScorers,
  resumeScorer,
} from "../../app/paused-scorers.ts";
import { systemClock } from "../../core/clock.ts";
import { TracegateError } from "../../core/errors.ts";
import { configOption, formatOption } from "../options.ts";
import { confirmed } from "../print/ask.ts";
import { type Format, note, recordWriter, writeLine } from "../print/output.ts";
import { count, dollars, plain } from "../print/plain.ts";
import { configOf, type Session } from "../session.ts";

interface ResumeFlags {
  readonly config?: string;
  readonly yes?: true;
  readonly failed?: true;
  readonly overBudget?: true;
  readonly format: Format;
}

/** `tracegate resume [scorer...]` */
export function resumeCommand(session: Session): Command {
  return new Command("resume")
    .summary("list paused judges, or let them be asked again")
    .description(
      "A judge whose provider refuses the key, the account or the model is paused; its traces wait. Without arguments " +
        "this lists what is paused and why. With the names of scorers it says what making up for their traces will " +
        "cost, asks, and lets them go on. With --failed the same for traces on which a scorer has failed: tries that are " +
        "spent, a key that was missing, a refusal. With --over-budget the same for traces that fell off a day's budget; the " +
        "budget of today pays.",
    )
    .argument("[scorers...]", "names of scorers")
    .option("--failed", "ask again about traces on which they have failed")
    .option("--over-budget", "ask about traces for which the budget was spent")
    .option("--yes", "do not ask")
    .addOption(configOption())
    .addOption(formatOption())
    .action(async (names: readonly string[], flags: ResumeFlags) => {
      const { config } = await configOf(session, flags.config);
      const state = await openState(config, session);
      try {
        const { store } = state;
        const left = leftStateOf(flags, names);
        if (left !== null) {
          const traces = await Promise.all(names.map((name) => leftTraces(store, name, left)));
          return await letGoOn(traces, (name, at) => askAboutLeft(store, name, left, at), flags, session);
        }
        const paused = await pausedScorers(store);
        if (names.length === 0) return await list(paused, flags.format);
        const chosen = names.map((name) => named(name, paused));
        await letGoOn(chosen, (name, at) => resumeScorer(store, name, at), flags, session);
      } finally {
        await state.close();
      }
    });
}

/** Null: it is about paused scorers. */
function leftStateOf({ failed, overBudget }: ResumeFlags, names: readonly string[]): LeftState | null {
  if (failed && overBudget) throw new TracegateError("usage", "Give --failed or --over-budget, not both.");
  if (!failed && !overBudget) return null;
  const flag = failed ? "--failed" : "--over-budget";
  if (names.length === 0) throw new TracegateError("usage", `${flag} wants the names of scorers.`);
  return failed ? "failed" : "over-budget";
}

function named(name: string, paused: readonly PausedScorer[]): PausedScorer {
  const found = paused.find(({ scorer }) => scorer === name);
  if (found) return found;
  const others = paused.map(({ scorer }) => scorer).join(", ") || "nothing is";
  throw new TracegateError("usage", `"${name}" is not paused (paused: ${others}).`);
}

async function list(paused: readonly PausedScorer[], format: Format): Promise<void> {
  if (format !== "table") {
    const writer = recordWriter(format);
    for (const one of paused) await writer.write(one);
    return writer.end();
  }
  if (paused.length === 0) return writeLine("Nothing is paused.");
  const blocks = paused.map((one) =>
    [
      `${one.scorer}  paused since ${new Date(one.at).toISOString()}`,
      `  ${plain(one.reason)}`,
      `  ${backlog(one)}`,
    ].join("\n"),
  );
  await writeLine(
    `${blocks.join("\n\n")}\n\nRepair the cause, then: tracegate resume ${paused.map(({ scorer }) => scorer).join(" ")}`,
  );
}

/** Says what it costs, asks, and does it. */
async function letGoOn(
  chosen: readonly LeftTraces[],
  go: (scorer: string, at: number) => Promise<number>,
  flags: ResumeFlags,
  session: Session,
): Promise<void> {
  for (const one of chosen) note(`${one.scorer}: ${backlog(one)}`);
  if (!flags.yes && !(await confirmed("Go on and pay for that?", session.signal))) {
    note("Nothing was changed. Answer y, or give --yes.");
    session.exitCode = 1;
    return;
  }
  const results = [];
  for (const { scorer, estimate } of chosen) {
    const traces = await go(scorer, systemClock.now());
    results.push({ scorer, traces, estimate });
  }
  if (flags.format === "table") {
    for (const { scorer, traces } of results)
      await writeLine(`${scorer} is asked again; ${count(traces, "trace")} will be made up for.`);
    return;
  }
  const writer = recordWriter(flags.format);
  for (const result of results) await writer.write(result);
  await writer.end();
}

/** How much waits, and what it will cost. */
function backlog({ traces, estimate }: LeftTraces): string {
  if (traces === 0) return "no trace waits, so going on costs nothing now";
  return `${count(traces, "trace")} ${traces === 1 ? "waits" : "wait"}; judging ${traces === 1 ? "it" : "them"} will cost ${costOf(estimate)}`;
}

function costOf({ usd, inputTokens, outputTokens, answers }: BackfillEstimate): string {
  if (inputTokens === null || outputTokens === null)
    return "an unknown amount: this scorer has not answered yet, so there is nothing to go by";
  const tokens = `${inputTokens.toLocaleString("en")} input and ${outputTokens.toLocaleString("en")} output tokens`;
  const money =
    usd === null ? "an unknown amount of money (the model has no price here)" : `about ${dollars(usd)}`;
  return `${money}, ${tokens}, going by ${count(answers, "answer")} so far`;
}
