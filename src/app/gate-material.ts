import { resolve } from "node:path";

import type { History, PassingRun } from "../core/run.ts";
import { readRecording } from "../datasets/recordings.ts";
import type { CaseOrigin } from "../render/html/gate/then-and-now.ts";
import { type CaseLine, locateCases } from "./case-lines.ts";
import { type GatePlace, load } from "./gate-setup.ts";
import { openHistory } from "./open-history.ts";

/** What reports say beside what the gate found. */
export interface GateMaterial {
  /** By case id. */
  readonly lines: ReadonlyMap<string, CaseLine>;
  /** By case id. */
  readonly origins: ReadonlyMap<string, CaseOrigin>;
  /** Evidence at which the gate blocks: 1 / errorRate. */
  readonly limit: number;
}

/**
 * Reads the cases, their recordings and what main made of those that are shown. What cannot be read is left out; the gate does
 * without it too.
 *
 * @param shown Ids of the cases whose runs are shown side by side.
 */
export async function readMaterial(place: GatePlace, shown: readonly string[] = []): Promise<GateMaterial> {
  const { cwd, dataset } = place;
  const { config } = await load(place);
  const lines = await locateCases(dataset ? [dataset] : config.gate.datasets, cwd);
  const folder = resolve(cwd, config.harvest.recordings);
  const onMain = new Map(
    (await passingRunsOf(openHistory(config, place), shown)).map((run) => [run.caseId, run]),
  );
  const origins = new Map<string, CaseOrigin>();
  for (const [id, { case: one }] of lines) {
    const recording = one.recording
      ? await readRecording(folder, one.recording).catch(() => undefined)
      : undefined;
    const main = onMain.get(id);
    origins.set(id, { case: one, ...(recording ? { recording } : {}), ...(main ? { main } : {}) });
  }
  return { lines, origins, limit: 1 / config.gate.errorRate };
}

async function passingRunsOf(
  { passingRuns }: History,
  caseIds: readonly string[],
): Promise<readonly PassingRun[]> {
  if (!passingRuns || caseIds.length === 0) return [];
  return passingRuns(caseIds).catch(() => []);
}
