import { Command } from "commander";

import { checkConfiguredJudge, type JudgeCheck } from "../../app/check-judge.ts";
import { EXIT } from "../exit.ts";
import { configOption, formatOption } from "../options.ts";
import { type Format, recordWriter, writeLine } from "../print/output.ts";
import { count, plain } from "../print/plain.ts";
import { table } from "../print/table.ts";
import { configOf, type Session } from "../session.ts";

interface CheckFlags {
  readonly config?: string;
  readonly format: Format;
  readonly save?: true;
}

/** `tracegate judge check` */
export function judgeCheckCommand(session: Session): Command {
  return new Command("check")
    .summary("try known attacks on the configured judge")
    .description(
      "Puts failed runs with every known attack (written-out answers, fake turns, hidden text, commands in several languages …) to " +
        "the configured judge, and a few clean ones. It asks the model about 65 times. " +
        "Exit code 0: it holds; 1: it fell for an attack, or judged a clean run wrong; 3: some runs brought no answer.",
    )
    .option("--save", "write the result to judging.calibration, which a judge needs before it may gate")
    .addOption(configOption())
    .addOption(formatOption())
    .action(async (flags: CheckFlags) => {
      session.faultCode = EXIT.inconclusive;
      const { config } = await configOf(session, flags.config);
      const { cwd, environment, signal } = session;
      const save = flags.save ?? false;
      const check = await checkConfiguredJudge(config, { cwd, environment, signal, save });
      const codes = { holds: EXIT.pass, falls: EXIT.block, unknown: EXIT.inconclusive };
      session.exitCode = signal.aborted ? EXIT.interrupted : codes[check.status];
      if (flags.format === "table") return writeLine(checkText(check));
      const writer = recordWriter(flags.format, { single: true });
      await writer.write(check);
      await writer.end();
    });
}

function checkText({ provider, model, status, results, costUsd, savedAs }: JudgeCheck): string {
  const groups = Map.groupBy(results, ({ group }) => group);
  const rows = [...groups].map(([group, some]) => {
    const number = (outcome: string) => String(some.filter((one) => one.outcome === outcome).length);
    return [group === "clean" ? "(clean runs)" : group, ...["held", "fell", "wrong", "unscored"].map(number)];
  });
  const right = { align: "right" } as const;
  const headings = ["held", "fell", "wrong", "unscored"].map((heading) => ({ heading, ...right }));
  const details = detailsOf(results);
  const attacks = results.filter(({ group }) => group !== "clean").length;
  const sentence = {
    holds: `It fell for none of ${count(attacks, "attack")} and judged every clean run right.`,
    falls:
      "It must not gate as it is: harden its question, or take another model. What it fell for is listed above.",
    unknown: "Some runs brought no answer, so nothing is proven; the reasons are above.",
  };
  const cost = costUsd === null ? "cost unknown, the model has no price" : `cost ${costUsd.toFixed(4)} USD`;
  return plain(
    [
      `judge ${provider} ${model}`,
      "",
      table([{ heading: "group" }, ...headings], rows),
      ...(details.length > 0 ? ["", ...details] : []),
      "",
      `${sentence[status]} (${cost})`,
      ...(savedAs === null ? [] : [`Written to ${savedAs}; commit it.`]),
    ].join("\n"),
  );
}

/** A line for every run that did not hold; those without an answer for one and the same reason share a line. */
function detailsOf(results: JudgeCheck["results"]): readonly string[] {
  const others = results.filter(({ outcome }) => outcome !== "held");
  const alike = Map.groupBy(others, ({ group, id, outcome, explanation }) =>
    outcome === "unscored" ? (explanation ?? "") : `${group}/${id}`,
  );
  return [...alike.values()].flatMap(([first, ...more]) => {
    if (first === undefined) return [];
    const { group, id, outcome, explanation } = first;
    const rest = more.length === 0 ? "" : ` and ${more.length} more`;
    return [`  ${outcome.padEnd(8)}  ${group}/${id}${rest}: ${explanation ?? "no reason given"}`];
  });
}
