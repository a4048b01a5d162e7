import { execFile } from "node:child_process";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import type { CountingSink } from "./counting-sink.ts";
import type { FaultyModel } from "./faulty-model.ts";
import { type Line, wrongOf } from "./report.ts";

const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

/** Traces of one wrong count that are explained. */
const EXPLAINED = 5;

/** Where to ask, and who saw the traces. */
export interface WhyPlace {
  readonly folder: string;
  readonly services: Readonly<Record<string, string>>;
  readonly model: Pick<FaultyModel, "calls">;
  readonly sink: Pick<CountingSink, "deliveries">;
  /** The number of a trace that was sent. */
  readonly numberOf: (traceId: string) => number | undefined;
}

/** What `tracegate why` says of the traces behind the wrong counts, beside what the witnesses saw of them. */
export async function whyOf(lines: readonly Line[], place: WhyPlace): Promise<string> {
  const parts: string[] = [];
  for (const { what, traceIds = [] } of wrongOf(lines)) {
    parts.push(`${what.trim()}: ${traceIds.length} trace(s)`);
    for (const traceId of traceIds.slice(0, EXPLAINED)) parts.push(await explain(traceId, place));
  }
  const text = parts.join("\n\n");
  appendFileSync(join(place.folder, "logs", "chaos.log"), `${text}\n`);
  return text;
}

async function explain(traceId: string, place: WhyPlace): Promise<string> {
  const { folder, services, model, sink } = place;
  const { PATH = "", HOME = "" } = process.env;
  const said = await promisify(execFile)(process.execPath, [MAIN, "why", traceId], {
    cwd: folder,
    env: { PATH, HOME, ...services, SINK_HEADERS: "x-worker=why" },
  }).catch((error: unknown) => ({ stdout: String(error) }));
  const deliveries = sink.deliveries.filter((one) => one.traceId === traceId);
  const told = deliveries.map(({ worker, takenAt, content, scores }) => {
    const words = scores.map(({ name, unscored }) => `${name} ${unscored ?? "scored"}`).join(", ");
    return `  sink  ${new Date(takenAt).toISOString()} ${worker} ${content.slice(0, 8)} ${words}`;
  });
  const number = place.numberOf(traceId);
  const calls = model.calls.filter((call) => call.number === number);
  const asked = calls.map(({ worker, askedAt, repliedAt, planned, scorer }) => {
    const replied = repliedAt === null ? "no reply" : `${repliedAt - askedAt} ms`;
    return `  model ${new Date(askedAt).toISOString()} ${worker} ${scorer} ${planned} ${replied}`;
  });
  return [said.stdout.trimEnd(), ...asked, ...told].join("\n");
}
