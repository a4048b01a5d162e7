import { Command } from "commander";

import { equip } from "../../app/equipment.ts";
import { openState } from "../../app/open-state.ts";
import { type UnscoredTrace, unscoredTraces } from "../../app/unscored-traces.ts";
import { TracegateError } from "../../core/errors.ts";
import { configOption, formatOption, limitOption } from "../options.ts";
import { type Format, note, recordWriter, writeLine } from "../print/output.ts";
import { plain } from "../print/plain.ts";
import { table } from "../print/table.ts";
import { configOf, type Session } from "../session.ts";

interface UnscoredFlags {
  readonly config?: string;
  readonly format: Format;
  readonly limit: number;
}

/** `tracegate unscored [scorers...]` */
export function unscoredCommand(session: Session): Command {
  return new Command("unscored")
    .summary("list traces that have no score yet, and why")
    .description(
      "Lists the traces that have no score of a scorer yet: those that wait, for a next try or for somebody who resumes a paused judge, " +
        "and those on which it failed; the longest waiting first. What was filtered or sampled out is left out. " +
        "`tracegate resume` has them scored.",
    )
    .argument("[scorers...]", "names of scorers (default: all)")
    .addOption(limitOption())
    .addOption(configOption())
    .addOption(formatOption())
    .action(async (scorers: readonly string[], { limit, ...flags }: UnscoredFlags) => {
      const { config } = await configOf(session, flags.config);
      const state = await openState(config, session);
      try {
        const found = await unscoredTraces(state.store, { scorers, limit: limit + 1 });
        const known = equip(config, session.environment).scorers.map(({ name }) => name);
        const unknown = scorers.find(
          (name) => !known.includes(name) && !found.some(({ scorer }) => scorer === name),
        );
        if (unknown !== undefined)
          throw new TracegateError("usage", `There is no scorer "${unknown}". Known: ${known.join(", ")}.`);
        await print(found.slice(0, limit), flags.format);
        if (found.length > limit) note(`There are more than ${limit}; --limit lists more of them.`);
      } finally {
        await state.close();
      }
    });
}

async function print(traces: readonly UnscoredTrace[], format: Format): Promise<void> {
  if (format !== "table") {
    const writer = recordWriter(format);
    for (const one of traces) await writer.write(one);
    return writer.end();
  }
  if (traces.length === 0) return writeLine("Every trace has the scores it is meant to have.");
  const columns = [
    { heading: "TRACE" },
    { heading: "SCORER" },
    { heading: "STATE" },
    { heading: "AT" },
    { heading: "REASON", max: 100 },
  ];
  const rows = traces.map(({ traceId, scorer, state, at, reason }) => [
    traceId,
    scorer,
    state,
    new Date(at).toISOString(),
    plain(reason),
  ]);
  await writeLine(table(columns, rows));
}
