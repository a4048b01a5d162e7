import { mkdir, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { Command } from "commander";

import { adoptReport } from "../../app/adopt-report.ts";
import { gateRepository } from "../../app/gate.ts";
import { TracegateError } from "../../core/errors.ts";
import { passed } from "../../core/score.ts";
import type { GateReport, Policy } from "../../core/verdict.ts";
import { EXIT } from "../exit.ts";
import { configOption, formatOption, modeOption } from "../options.ts";
import { gateText } from "../print/gate-text.ts";
import { type Format, recordWriter, writeLine } from "../print/output.ts";
import { count } from "../print/plain.ts";
import { startProgress } from "../print/progress.ts";
import type { Session } from "../session.ts";
import { planCommand } from "./gate-plan.ts";

interface GateFlags {
  readonly config?: string;
  readonly format: Format;
  readonly dataset?: string;
  readonly record?: true;
  readonly mode: Policy["mode"];
  readonly report?: string;
  readonly adopt?: string;
}

/** `tracegate gate` */
export function gateCommand(session: Session): Command {
  return new Command("gate")
    .summary("run the agent on the dataset and decide")
    .description(
      "Runs the agent on every accepted case, scores the traces it sends with the scorers that run in " +
        "production, and compares with main's history of each case. A failing case is tried again before it is " +
        "blamed. A case that main fails as well never blocks.\n\n" +
        "Exit codes: 0 pass, 1 block, 2 usage or configuration, 3 inconclusive, 4 stale.",
    )
    .addCommand(planCommand(session))
    .addOption(configOption())
    .addOption(formatOption())
    .option("--dataset <file>", "this dataset instead of the configured ones")
    .addOption(modeOption())
    .option("--record", "on main: add the trials to main's history")
    .option("--report <file>", "write everything that was found as JSON: verdict, counts, traces, scores")
    .option(
      "--adopt <file>",
      "on main, after a merge: add the trials of the change's report to main's history; runs nothing",
    )
    .action(async (flags: GateFlags) => {
      session.faultCode = EXIT.inconclusive;
      const where = {
        cwd: session.cwd,
        env: session.environment,
        ...(flags.config ? { configPath: flags.config } : {}),
        ...(flags.dataset ? { dataset: flags.dataset } : {}),
        mode: flags.mode,
      };
      if (flags.adopt !== undefined) {
        if (flags.record)
          throw new TracegateError("usage", "--adopt and --record exclude each other. Choose one.");
        const trials = await adoptReport({ ...where, report: flags.adopt });
        return writeLine(`${count(trials, "trial")} of ${flags.adopt} added to main's history`);
      }
      const report = await run(session, where, flags.record === true);
      session.exitCode = EXIT[report.verdict.status];
      if (flags.report) await save(resolve(session.cwd, flags.report), report);
      await print(report, flags.format);
    });
}

async function run(
  session: Session,
  where: Omit<Parameters<typeof gateRepository>[0], "signal" | "record" | "onEvent">,
  record: boolean,
): Promise<GateReport> {
  const progress = startProgress();
  let failing = 0;
  const report = await gateRepository({
    ...where,
    signal: session.signal,
    record,
    onEvent(event) {
      if (event.kind === "result")
        failing += event.result.scores.some((score) => passed(score) === false) ? 1 : 0;
      else
        progress.update(`${event.done} of ${count(event.planned, "trial")}, ${failing} with a failing score`);
    },
  });
  progress.done();
  return report;
}

async function save(path: string, report: GateReport): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify(report)}\n`, { mode: 0o600 });
}

async function print(report: GateReport, format: Format): Promise<void> {
  if (format === "table") return writeLine(gateText(report));
  const writer = recordWriter(format, { single: true });
  await writer.write(report);
  await writer.end();
}
