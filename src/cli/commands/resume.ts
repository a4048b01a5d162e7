import { Command } from "commander";

import { type BudgetLeft, budgetLeft } from "../../app/budget-left.ts";
import { openState } from "../../app/open-state.ts";
import {
  askAboutLeft,
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
import { backlog, budgetSentence } from "../print/backlog-text.ts";
import { type Format, note, recordWriter, writeLine } from "../print/output.ts";
import { count, plain } from "../print/plain.ts";
import { configOf, type Session } from "../session.ts";

interface ResumeFlags {
  readonly config?: string;
  readonly yes?: true;
  readonly failed?: true;
  readonly overBudget?: true;
  readonly format: Format;
}

/** Traces to make up for, and what today's budget has left for that; null: there is no budget. */
type Chosen = LeftTraces & { readonly budget: BudgetLeft | null };

/** `tracegate resume [scorer...]` */
export function resumeCommand(session: Session): Command {
  return new Command("resume")
    .summary("list paused judges, or let them be asked again")
    .description(
      "A judge whose provider refuses the key, the account or the model is paused; its traces wait. Without arguments " +
        "this lists what is paused and why. With the names of scorers it says what making up for their traces will " +
        "cost and what today's budget pays of that, asks, and lets them go on. With --failed the same for traces on which a scorer has failed: tries that are " +
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
        const withBudget = async <Left extends LeftTraces>(one: Left) => ({
          ...one,
          budget: await budgetLeft(one, { config, store, now: systemClock.now() }),
        });
        const left = leftStateOf(flags, names);
        if (left !== null) {
          const all = await Promise.all(names.map((name) => leftTraces(store, name, left)));
          for (const { scorer, traces } of all) if (traces === 0) note(`${scorer}: ${NONE_LEFT[left]}`);
          const some = await Promise.all(all.filter(({ traces }) => traces > 0).map(withBudget));
          return await letGoOn(some, (name, at) => askAboutLeft(store, name, left, at), flags, session);
        }
        const paused = await pausedScorers(store);
        if (names.length === 0) return await list(paused, flags.format);
        const chosen = await Promise.all(names.map((name) => withBudget(named(name, paused))));
        await letGoOn(chosen, (name, at) => resumeScorer(store, name, at), flags, session);
      } finally {
        await state.close();
      }
    });
}

const NONE_LEFT: { readonly [state in LeftState]: string } = {
  failed: "it has failed on no trace that is kept, so there is nothing to ask again.",
  "over-budget": "no trace has fallen off its budget, so there is nothing to make up for.",
};

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
  chosen: readonly Chosen[],
  go: (scorer: string, at: number) => Promise<number>,
  flags: ResumeFlags,
  session: Session,
): Promise<void> {
  for (const one of chosen)
    note([`${one.scorer}: ${backlog(one)}`, budgetSentence(one)].filter(Boolean).join(". "));
  if (chosen.filter(({ traces, budget }) => traces > 0 && budget !== null).length > 1)
    note("They share the budget: what it pays is said of each as if the others were not asked.");
  const waits = chosen.some(({ traces }) => traces > 0);
  if (waits && !flags.yes && !(await confirmed("Go on and pay for that?", session.signal))) {
    note("Nothing was changed. Answer y, or give --yes.");
    session.exitCode = 1;
    return;
  }
  const results = [];
  for (const { scorer, estimate, budget } of chosen) {
    const traces = await go(scorer, systemClock.now());
    results.push({ scorer, traces, estimate, budget });
  }
  if (flags.format === "table") {
    for (const { scorer, traces, budget } of results)
      await writeLine(`${scorer} is asked again${madeUp(traces, budget)}.`);
    return;
  }
  const writer = recordWriter(flags.format);
  for (const result of results) await writer.write(result);
  await writer.end();
}

/** Promises no more than the budget pays. */
function madeUp(traces: number, budget: BudgetLeft | null): string {
  if (traces === 0) return "; no trace waited";
  const paid = budget?.traces ?? null;
  if (paid === null || paid >= traces)
    return budget === null
      ? `; ${count(traces, "trace")} will be made up for`
      : `; ${count(traces, "trace")} will be made up for, as far as today's budget pays`;
  return `; of ${count(traces, "trace")} today's budget pays for ${paid === 0 ? "none" : `about ${paid}`}`;
}
