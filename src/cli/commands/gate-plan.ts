import { Command } from "commander";

import type { Policy } from "../../core/verdict.ts";
import { EXIT } from "../exit.ts";
import { configOption, formatOption, modeOption } from "../options.ts";
import { planText } from "../print/gate-plan-text.ts";
import { type Format, recordWriter, writeLine } from "../print/output.ts";
import type { Session } from "../session.ts";

interface PlanFlags {
  readonly config?: string;
  readonly format: Format;
  readonly dataset?: string;
  readonly mode: Policy["mode"];
}

/** `tracegate gate plan` */
export function planCommand(session: Session): Command {
  return new Command("plan")
    .summary("what the gate can see, and what more would buy")
    .description(
      "Simulates changes of this dataset with the reliabilities that main's history shows, and lets the gate decide: how " +
        "often it would block an unchanged agent, a broken case, a drop of so many points, and how many further trials " +
        "that costs. Runs no agent.",
    )
    .addOption(configOption())
    .addOption(formatOption())
    .option("--dataset <file>", "this dataset instead of the configured ones")
    .addOption(modeOption())
    .action(async (_own: PlanFlags, command: Command) => {
      session.faultCode = EXIT.inconclusive;
      // The gate has options of the same names, and takes them wherever they stand.
      const flags = command.optsWithGlobals<PlanFlags>();
      const { planRepository } = await import("../../app/gate-plan.ts");
      const plan = await planRepository({
        cwd: session.cwd,
        env: session.environment,
        mode: flags.mode,
        ...(flags.config ? { configPath: flags.config } : {}),
        ...(flags.dataset ? { dataset: flags.dataset } : {}),
      });
      if (flags.format === "table") return writeLine(planText(plan));
      const writer = recordWriter(flags.format, { single: true });
      await writer.write(plan);
      await writer.end();
    });
}
