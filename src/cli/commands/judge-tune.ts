import { Command, InvalidArgumentError } from "commander";

import { type TunedCascade, tuneCascade } from "../../app/tune-cascade.ts";
import { configOption, formatOption } from "../options.ts";
import { type Format, recordWriter, writeLine } from "../print/output.ts";
import { count } from "../print/plain.ts";
import { configOf, type Session } from "../session.ts";

interface TuneFlags {
  readonly config?: string;
  readonly format: Format;
  readonly labels: string;
  readonly target: number;
}

/** `tracegate judge tune` */
export function judgeTuneCommand(session: Session): Command {
  return new Command("tune")
    .summary("choose where a cascade believes its cheap judge")
    .description(
      "Asks the cheap judge of the configured cascade about every labelled trace and says from which probability on its answer may be " +
        "taken, so that with 95 % confidence no more than --target of those are wrong. Asking costs money.",
    )
    .requiredOption("--labels <file>", "what people said, as tracegate labels export writes it")
    .option("--target <share>", "greatest share of wrong answers among those taken", share, 0.1)
    .addOption(configOption())
    .addOption(formatOption())
    .action(async (flags: TuneFlags) => {
      const { config } = await configOf(session, flags.config);
      const { cwd, environment, signal } = session;
      const { labels, target } = flags;
      const found = await tuneCascade(config, { cwd, environment, signal, labels, target });
      if (flags.format === "table") return writeLine(found.map((one) => tunedText(one, target)).join("\n\n"));
      const writer = recordWriter(flags.format);
      for (const one of found) await writer.write(one);
      await writer.end();
    });
}

function tunedText({ scorer, pairs, unanswered, threshold, costUsd }: TunedCascade, target: number): string {
  const cost = costUsd === null ? "cost unknown" : `cost ${costUsd.toFixed(4)} USD`;
  const head = `${scorer}: ${count(pairs, "labelled trace")} answered with a probability, ${unanswered} not; ${cost}`;
  const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
  if (threshold === null) {
    return `${head}\nAt no probability can the cheap judge be shown to be wrong in at most ${percent(target)}. Leave everything to the strong one, or label more traces.`;
  }
  const { confidence, coverage, accepted, disagreeing, upperBound } = threshold;
  return [
    head,
    `acceptAbove: ${confidence}`,
    `It takes ${percent(coverage)} of the answers. ${disagreeing} of ${accepted} labelled ones were wrong: with 95 % confidence no more than ${percent(upperBound)}.`,
  ].join("\n");
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value > 0 && value < 1) return value;
  throw new InvalidArgumentError("Give a share between 0 and 1, e.g. 0.1.");
}
