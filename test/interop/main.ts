/**
 * Runs real clients against the project and says what came out.
 *
 * `npm run test:interop -- [--group npm|python] [--only <client>]... [--short] [--record] [--gaps] [--verbose]`
 *
 * `--record` replaces the recordings below `test/fixtures/clients`, `--gaps` also renews their gap lists. Exit code 1: a value that a
 * client sends is read wrong; clients that cannot be installed are listed and do not fail the run, except in the short form.
 */
import { existsSync } from "node:fs";
import { cp, mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

import { messageOf } from "../../src/core/errors.ts";
import { readRecording } from "../conventions/golden/recording.ts";
import type { Client } from "./client.ts";
import { clients } from "./clients.ts";
import { install, installedVersions } from "./install.ts";
import { record } from "./record.ts";
import { runClient } from "./run-client.ts";
import { tellStory } from "./story.ts";
import { type Row, renderTable } from "./table.ts";
import { readToldStory, renewGaps, writeToldStory } from "./told-story.ts";
import { judgeTrace } from "./verdict.ts";

const { values: options } = parseArgs({
  options: {
    group: { type: "string" },
    only: { type: "string", multiple: true },
    short: { type: "boolean", default: false },
    record: { type: "boolean", default: false },
    gaps: { type: "boolean", default: false },
    verbose: { type: "boolean", default: false },
  },
});
const SCRATCH = resolve(import.meta.dirname, "../../.tracegate/interop");
const FIXTURES = resolve(import.meta.dirname, "../fixtures/clients");

const rows: Row[] = [];
for (const client of chosenClients()) {
  process.stderr.write(`${client.name} ...\n`);
  rows.push(await tryClient(client));
}
process.stdout.write(`${renderTable(rows)}\n`);
const isWrong = rows.some(({ verdicts }) => verdicts.some(({ verdict }) => verdict === "wrong"));
const isMissing = options.short && rows.some(({ reason }) => reason !== undefined);
process.exitCode = isWrong || isMissing ? 1 : 0;

function chosenClients(): readonly Client[] {
  const chosen = clients.filter(
    ({ name, group, short }) =>
      (options.group === undefined || group === options.group) &&
      (options.only === undefined || options.only.includes(name)) &&
      (!options.short || short === true),
  );
  if (chosen.length > 0) return chosen;
  throw new Error(`No such client. There are: ${clients.map(({ name }) => name).join(", ")}`);
}

async function tryClient(client: Client): Promise<Row> {
  const nothing = { client: client.name, verdicts: [], installMs: 0, runMs: 0 };
  try {
    return await checkClient(client);
  } catch (error) {
    return { ...nothing, reason: messageOf(error).split("\n")[0] ?? "" };
  }
}

async function checkClient(client: Client): Promise<Row> {
  const started = performance.now();
  const installation = await install(client, clients, SCRATCH);
  const installed = performance.now();
  const run = await runClient(client, installation, tellStory);
  const times = { installMs: installed - started, runMs: performance.now() - installed };
  if (options.verbose) process.stderr.write(`${run.end.output}\n`);
  if (run.sent.length === 0) throw new Error(`it sent no trace; ${lastWords(run.end.output)}`);

  const versions = await installedVersions(client, installation);
  const folder = await folderFor(client);
  await record(client, run.requests, folder, { folder: installation.folder, versions });
  const traces = readRecording(folder);
  const told = await readToldStory(client, folder, traces);
  const recorded = traces.find(({ trace }) => trace.name === told?.trace);
  if (!told || !recorded) {
    throw new Error(
      `no trace is named ${told?.trace}; sent: ${traces.map(({ trace }) => trace.name).join(", ")}`,
    );
  }
  const expected = options.gaps ? renewGaps(told, recorded) : told;
  if (options.record) await writeToldStory(client, folder, expected, versions);
  const scored = run.scored.get(recorded.trace.traceId);
  const arrival = arrivalOf(run.refused, scored !== undefined, run.end);
  const arrived = {
    field: "arrived",
    verdict: arrival === "" ? "ok" : "wrong",
    read: arrival,
    expected: "",
  } as const;
  return {
    client: client.name,
    ...times,
    verdicts: [arrived, ...judgeTrace(scored ?? recorded.trace, expected)],
  };
}

function arrivalOf(
  refused: readonly string[],
  isScored: boolean,
  end: { exitCode: number | null; timedOut: boolean },
) {
  return [
    ...refused.map((refusal) => `refused ${refusal}`),
    ...(isScored ? [] : ["not scored"]),
    ...(end.timedOut
      ? ["the program had to be killed"]
      : end.exitCode === 0
        ? []
        : [`exit code ${end.exitCode}`]),
  ].join(", ");
}

/** Recordings that are not to be kept go to the scratch folder, with the list of gaps they are held against. */
async function folderFor(client: Client): Promise<string> {
  const kept = join(FIXTURES, client.name);
  if (options.record) return kept;
  const folder = join(SCRATCH, "recordings", client.name);
  await mkdir(folder, { recursive: true });
  const gaps = join(kept, "gaps.json");
  if (existsSync(gaps)) await cp(gaps, join(folder, "gaps.json"));
  return folder;
}

function lastWords(output: string): string {
  const lines = output.split("\n").filter((line) => /\w/.test(line) && !/^\s+at |^Node\.js/.test(line));
  const error = lines.findLast((line) => /^\w*(Error|Exception)\b/.test(line.trim()));
  return (error ?? lines.at(-1) ?? "it said nothing").trim().slice(0, 200);
}
