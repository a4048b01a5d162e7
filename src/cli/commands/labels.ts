import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { Command } from "commander";

import { allLabels } from "../../app/all-pages.ts";
import { openState } from "../../app/open-state.ts";
import { readLabels } from "../../datasets/read-labels.ts";
import { configOption } from "../options.ts";
import { write, writeLine } from "../print/output.ts";
import { count } from "../print/plain.ts";
import { configOf, type Session } from "../session.ts";

interface ExportFlags {
  readonly config?: string;
  readonly scorer?: string;
  readonly out?: string;
}

/** `tracegate labels export | import` */
export function labelsCommand(session: Session): Command {
  const open = async (config: string | undefined) =>
    openState((await configOf(session, config)).config, {
      cwd: session.cwd,
      environment: session.environment,
    });
  return new Command("labels")
    .summary("move what people said of traces to files and back")
    .description(
      "Labels come from review --labels, from POST /v1/feedback, from human annotations in traces and from files.",
    )
    .addCommand(
      new Command("export")
        .description("Writes labels as JSON lines.")
        .addOption(configOption())
        .option("--scorer <name>", "only those about this scorer")
        .option("--out <file>", "write there instead of stdout")
        .action(async (flags: ExportFlags) => {
          const state = await open(flags.config);
          try {
            const labels = await allLabels(state.store, flags.scorer);
            const text = labels.map((label) => `${JSON.stringify(label)}\n`).join("");
            if (flags.out === undefined) return await write(text);
            await writeFile(resolve(session.cwd, flags.out), text);
            await writeLine(`${flags.out}: ${count(labels.length, "label")}`);
          } finally {
            await state.close();
          }
        }),
    )
    .addCommand(
      new Command("import")
        .description("Reads labels from JSON lines; of one person about one trace the later word counts.")
        .argument("<file>", 'lines such as {"traceId": "4bf9…", "scorer": "groundedness", "passed": false}')
        .addOption(configOption())
        .action(async (file: string, flags: { config?: string }) => {
          const labels = await readLabels(resolve(session.cwd, file));
          const state = await open(flags.config);
          try {
            await state.store.saveLabels(labels);
          } finally {
            await state.close();
          }
          await writeLine(`${file}: ${count(labels.length, "label")} taken`);
        }),
    );
}
