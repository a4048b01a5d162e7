import { Command, InvalidArgumentError } from "commander";

import { type CalibratedScorer, calibrateJudges } from "../../app/calibrate.ts";
import { EXIT } from "../exit.ts";
import { configOption, formatOption } from "../options.ts";
import { calibrationText } from "../print/calibration-text.ts";
import { type Format, recordWriter, writeLine } from "../print/output.ts";
import { configOf, type Session } from "../session.ts";

interface CalibrateFlags {
  readonly config?: string;
  readonly format: Format;
  readonly labels: string;
  readonly answers?: string;
  readonly rejudge: number;
  readonly save?: true;
}

/** `tracegate judge calibrate` */
export function judgeCalibrateCommand(session: Session): Command {
  return new Command("calibrate")
    .summary("hold judges against what people said")
    .description(
      "Compares a judge's answers with labels that people gave: what it recognises, how often it raises a false alarm, what the true " +
        "pass rate is, and whether it may block pull requests. With --rejudge it asks the model, which costs money.",
    )
    .requiredOption(
      "--labels <file>",
      'JSON lines such as {"traceId": "4bf9…", "scorer": "groundedness", "passed": false, "reviewer": "ana"}',
    )
    .option("--answers <file>", "recorded answers as JSON lines, instead of the scores in the store")
    .option("--rejudge <number>", "ask again about so many labelled traces of each scorer", wholeNumber, 0)
    .option("--save", "write what was found to judging.calibration, for the gate to read")
    .addOption(configOption())
    .addOption(formatOption())
    .action(async (flags: CalibrateFlags) => {
      const { config } = await configOf(session, flags.config);
      const { cwd, environment, signal } = session;
      const { labels, answers, rejudge, save = false } = flags;
      const options = { config, cwd, environment, signal, labels, rejudge, save };
      const found = await calibrateJudges({ ...options, ...(answers !== undefined && { answers }) });
      session.exitCode = EXIT.pass;
      await print(found, flags.format);
    });
}

async function print(found: readonly CalibratedScorer[], format: Format): Promise<void> {
  if (format === "table") return writeLine(found.map(calibrationText).join("\n\n"));
  const writer = recordWriter(format);
  for (const one of found) await writer.write(one);
  await writer.end();
}

function wholeNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Give a whole number.");
}
