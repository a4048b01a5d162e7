import { Command } from "commander";

import { explain } from "../../app/explain.ts";
import { openState, type State } from "../../app/open-state.ts";
import { TracegateError } from "../../core/errors.ts";
import { configOption, formatOption } from "../options.ts";
import { type Format, recordWriter, writeLine } from "../print/output.ts";
import { plain } from "../print/plain.ts";
import { table } from "../print/table.ts";
import { configOf, type Session } from "../session.ts";

/** `tracegate why <trace id>` */
export function whyCommand(session: Session): Command {
  return new Command("why")
    .summary("explain what happened to a trace")
    .description(
      "Explains what happened to a trace: why it was taken to be complete, what every scorer decided and when, " +
        "where its scores were sent; also for one that is still incomplete or never arrived.",
    )
    .argument("<trace id>", "32 hex digits, or the first few of them")
    .addOption(configOption())
    .addOption(formatOption())
    .action(async (id: string, options: { config?: string; format: Format }) => {
      const { config } = await configOf(session, options.config);
      const state = await openState(config, session);
      try {
        const traceId = await wholeId(id.toLowerCase(), state);
        const explanation = await explain(traceId, state);
        if (explanation.state === "unknown") session.exitCode = 1;
        if (options.format === "table") return await writeLine(render(explanation));
        const writer = recordWriter(options.format, { single: true });
        await writer.write(explanation);
        await writer.end();
      } finally {
        await state.close();
      }
    });
}

async function wholeId(id: string, state: State): Promise<string> {
  if (!/^[0-9a-f]{1,32}$/.test(id)) {
    throw new TracegateError(
      "usage",
      `"${id}" is not a trace id. Give its hex digits, e.g. 4bf92f3577b34da6.`,
    );
  }
  if (id.length === 32) return id;
  const found = await state.find(id, 5);
  if (found.length > 1)
    throw new TracegateError("usage", `"${id}" fits several traces: ${found.join(", ")}. Give more digits.`);
  if (found[0] === undefined)
    throw new TracegateError(
      "not-found",
      `No span of a trace that starts with ${id} has arrived here. Check the id, the agent's OTEL_EXPORTER_OTLP_ENDPOINT and its sampling.`,
    );
  return found[0];
}

function render(explanation: Awaited<ReturnType<typeof explain>>): string {
  const lines = [`${explanation.traceId}  ${explanation.state}`, `  ${explanation.summary}`];
  const row = (name: string, entry: { revision: number; state: string; at: number; reason: string }) => [
    name,
    String(entry.revision),
    entry.state,
    new Date(entry.at).toISOString(),
    plain(entry.reason),
  ];
  const columns = (heading: string) => [
    { heading },
    { heading: "REV", align: "right" as const },
    { heading: "STATE" },
    { heading: "AT" },
    { heading: "REASON", max: 100 },
  ];
  if (explanation.decisions.length > 0) {
    lines.push(
      "",
      table(
        columns("SCORER"),
        explanation.decisions.map((entry) => row(entry.scorer, entry)),
      ),
    );
  }
  if (explanation.deliveries.length > 0) {
    lines.push(
      "",
      table(
        columns("SINK"),
        explanation.deliveries.map((entry) => row(entry.sink, entry)),
      ),
    );
  }
  const next = explanation.decisions.filter((entry) => entry.next !== null && entry.state !== "superseded");
  if (next.length > 0) lines.push("", ...next.map((entry) => plain(`${entry.scorer}: ${entry.next}`)));
  return lines.join("\n");
}
