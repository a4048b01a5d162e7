import { Command } from "commander";

import { EXIT } from "../exit.ts";
import { configOption, formatOption, modeOption } from "../options.ts";
import type { Session } from "../session.ts";
import { type GateRunFlags, runAndTell } from "./gate-run.ts";

interface MergeFlags extends GateRunFlags {
  readonly base?: string;
  readonly finish?: true;
}

/** `tracegate gate merge` */
export function mergeCommand(session: Session): Command {
  return new Command("merge")
    .summary("one verdict from the reports of all parts")
    .description(
      "Decides on the trials that `tracegate gate --shard` made on several machines, as if one process had made them all. " +
        "Takes the reports of all parts, once each, of this commit and this configuration. Runs no agent unless told to finish.",
    )
    .argument(
      "<files...>",
      "what `tracegate gate --shard I/N --report FILE` wrote; of a folder all .json files in it",
    )
    .addOption(configOption())
    .addOption(formatOption())
    .option("--dataset <file>", "this dataset instead of the configured ones")
    .addOption(modeOption())
    .option("--finish", "make the trials here that are still worth making, e.g. of a part that was cut short")
    .option("--record", "on main: add the trials to main's history")
    .option("--report <file>", "write everything that was found as JSON")
    .option("--html <file>", "write it as one page")
    .option("--junit <file>", "write it as JUnit XML")
    .action(async (files: string[], _own: MergeFlags, command: Command) => {
      session.faultCode = EXIT.inconclusive;
      // The gate has options of the same names, and takes them wherever they stand.
      const flags = command.optsWithGlobals<MergeFlags>();
      await runAndTell(session, flags, {
        parts: { reports: files, finish: flags.finish === true },
        ...(flags.base ? { base: flags.base } : {}),
      });
    });
}
