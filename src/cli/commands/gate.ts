import { Command } from "commander";

import { TracegateError } from "../../core/errors.ts";
import type { Share } from "../../pipeline/gate-part.ts";
import { EXIT } from "../exit.ts";
import { configOption, formatOption, modeOption, shardOption } from "../options.ts";
import { writeLine } from "../print/output.ts";
import { count } from "../print/plain.ts";
import type { Session } from "../session.ts";
import { mergeCommand } from "./gate-merge.ts";
import { planCommand } from "./gate-plan.ts";
import { type GateRunFlags, pathsOf, placeOf, runAndTell } from "./gate-run.ts";

interface GateFlags extends GateRunFlags {
  readonly adopt?: string;
  readonly base?: string;
  readonly resume?: true;
  readonly shard?: Share;
}

/** `tracegate gate` */
export function gateCommand(session: Session): Command {
  return new Command("gate")
    .summary("run the agent on the dataset and decide")
    .description(
      "Runs the agent on every accepted case, scores the traces it sends with the scorers that run in " +
        "production, and compares with main's history of each case. A failing case is tried again before it is " +
        "blamed. A case that main fails as well never blocks. A fault of the infrastructure is tried once more, a " +
        "failing score never is.\n\n" +
        "Exit codes: 0 pass, 1 block, 2 usage or configuration, 3 inconclusive, 4 stale.",
    )
    .addCommand(planCommand(session))
    .addCommand(mergeCommand(session))
    .addOption(configOption())
    .addOption(formatOption())
    .option("--dataset <file>", "this dataset instead of the configured ones")
    .addOption(modeOption())
    .option(
      "--base <ref>",
      "branch or commit that the change began at; main is tried again there before a block (default: GITHUB_BASE_REF, else main)",
    )
    .option("--record", "on main: add the trials to main's history")
    .option(
      "--resume",
      "go on with a gate that was killed, interrupted or out of budget: finished trials are not made again",
    )
    .addOption(shardOption())
    .option("--report <file>", "write everything that was found as JSON: verdict, counts, traces, scores")
    .option("--html <file>", "write it as one page: what broke, production's run beside this one")
    .option("--junit <file>", "write it as JUnit XML, one test per case and scorer")
    .option(
      "--adopt <file>",
      "on main, after a merge: add the trials of the change's report to main's history; runs nothing",
    )
    .action(async (flags: GateFlags) => {
      session.faultCode = EXIT.inconclusive;
      if (flags.adopt !== undefined) return adopt(session, flags, flags.adopt);
      await runAndTell(session, flags, {
        ...(flags.shard ? { share: flags.shard } : {}),
        ...(flags.base ? { base: flags.base } : {}),
        journal: { resume: flags.resume === true, written: Object.values(pathsOf(session, flags)) },
      });
    });
}

async function adopt(session: Session, flags: GateFlags, report: string): Promise<void> {
  for (const other of ["record", "resume", "shard"] as const) {
    if (flags[other] === undefined) continue;
    throw new TracegateError("usage", `--adopt and --${other} exclude each other. Choose one.`);
  }
  const { adoptReport } = await import("../../app/adopt-report.ts");
  const trials = await adoptReport({ ...placeOf(session, flags), report });
  await writeLine(`${count(trials, "trial")} of ${report} added to main's history`);
}
