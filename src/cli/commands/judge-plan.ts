import { Command, InvalidArgumentError } from "commander";

import { planJudging } from "../../app/plan-judging.ts";
import { EXIT } from "../exit.ts";
import { configOption, formatOption } from "../options.ts";
import { judgePlanText } from "../print/judge-plan-text.ts";
import { type Format, note, recordWriter, writeLine } from "../print/output.ts";
import { plain } from "../print/plain.ts";
import { configOf, type Session } from "../session.ts";

interface PlanFlags {
  readonly config?: string;
  readonly format: Format;
  readonly days: number;
  readonly sample: number;
}

/** `tracegate judge plan` */
export function judgePlanCommand(session: Session): Command {
  return new Command("plan")
    .summary("say what judging will cost before it runs")
    .description(
      "Writes out what the configured judges would be asked about your traces, counts it and prices it: each question alone, with " +
        "prompt caching, in batches, and as configured, with cascades. Takes stored traces, or those in OTLP files. No model is asked.",
    )
    .argument("[files...]", "OTLP files, or - for standard input (default: the traces in the store)")
    .option("--days <number>", "stored traces that began in the last so many days", positive, 7)
    .option("--sample <number>", "look at so many of the stored traces", positive, 200)
    .addOption(configOption())
    .addOption(formatOption())
    .action(async (files: string[], flags: PlanFlags) => {
      const { config } = await configOf(session, flags.config);
      const { cwd, environment, signal } = session;
      const { days, sample } = flags;
      let problems = 0;
      const onProblem = (problem: string) => {
        problems += 1;
        note(plain(problem));
      };
      const plan = await planJudging(config, { cwd, environment, signal, files, days, sample, onProblem });
      session.exitCode = problems > 0 ? 1 : EXIT.pass;
      if (flags.format === "table") return writeLine(judgePlanText(plan));
      const writer = recordWriter(flags.format, { single: true });
      await writer.write(plan);
      await writer.end();
    });
}

function positive(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Give a whole number of 1 or more.");
}
