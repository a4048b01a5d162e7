import { Command } from "commander";

import { openState } from "../../app/open-state.ts";
import { type ScorerRate, scoreRates } from "../../app/score-rates.ts";
import { configOption, formatOption, pointInTime } from "../options.ts";
import { type Format, note, recordWriter, writeLine } from "../print/output.ts";
import { plain } from "../print/plain.ts";
import { table } from "../print/table.ts";
import { configOf, type Session } from "../session.ts";

interface RatesFlags {
  readonly config?: string;
  readonly format: Format;
  readonly since?: number;
}

/** `tracegate rates` */
export function ratesCommand(session: Session): Command {
  return new Command("rates")
    .summary("say how often live traces pass, scorer by scorer")
    .description(
      "The share of all stored traces that pass each scorer, with a 95 % interval. Judges see only a sample, in which what " +
        "went wrong is over-represented: each judged trace counts for as many as it stands for.",
    )
    .addOption(configOption())
    .addOption(formatOption())
    .option(
      "--since <time>",
      "traces that began at or after this time, e.g. 2026-11-20 or 2026-11-20T08:00Z",
      pointInTime,
    )
    .action(async ({ config: configPath, format, since = Number.NEGATIVE_INFINITY }: RatesFlags) => {
      const { config } = await configOf(session, configPath);
      const state = await openState(config, session);
      try {
        const rates = await scoreRates(state.store, since, session.signal);
        if (rates.length === 0) note("No trace is stored.");
        if (format === "table") return await writeLine(render(rates));
        const writer = recordWriter(format);
        for (const rate of rates) await writer.write(rate);
        await writer.end();
      } finally {
        await state.close();
      }
    });
}

function render(rates: readonly ScorerRate[]): string {
  const columns = [
    { heading: "SCORER" },
    { heading: "VERSION" },
    { heading: "PASS", align: "right" },
    { heading: "95 %", align: "right" },
    { heading: "SCORED", align: "right" },
    { heading: "STAND FOR", align: "right" },
    { heading: "UNSCORED" },
  ] as const;
  const rows = rates.map(({ scorer, version, rate, scored, unscored }) => [
    plain(scorer),
    plain(version),
    rate ? percent(rate.rate) : "",
    rate ? `${percent(rate.low)} to ${percent(rate.high)}` : "",
    String(scored),
    rate ? String(Math.round(rate.population)) : "",
    Object.entries(unscored)
      .map(([code, number]) => `${number} ${code}`)
      .join(", "),
  ]);
  return table(columns, rows);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
