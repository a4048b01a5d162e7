import { resolve } from "node:path";

import { readRecording } from "../datasets/recordings.ts";
import type { CaseOrigin } from "../render/html/gate/then-and-now.ts";
import { type CaseLine, locateCases } from "./case-lines.ts";
import { type GatePlace, load } from "./gate-setup.ts";

/** What reports say beside what the gate found. */
export interface GateMaterial {
  /** By case id. */
  readonly lines: ReadonlyMap<string, CaseLine>;
  /** By case id. */
  readonly origins: ReadonlyMap<string, CaseOrigin>;
  /** Evidence at which the gate blocks: 1 / errorRate. */
  readonly limit: number;
}

/** Reads the cases and their recordings; a recording that cannot be read is left out, the gate does without it too. */
export async function readMaterial(
  place: Pick<GatePlace, "cwd" | "configPath" | "config" | "dataset">,
): Promise<GateMaterial> {
  const { cwd, dataset } = place;
  const { config } = await load(place);
  const lines = await locateCases(dataset ? [dataset] : config.gate.datasets, cwd);
  const folder = resolve(cwd, config.harvest.recordings);
  const origins = new Map<string, CaseOrigin>();
  for (const [id, { case: one }] of lines) {
    const recording = one.recording
      ? await readRecording(folder, one.recording).catch(() => undefined)
      : undefined;
    origins.set(id, { case: one, ...(recording ? { recording } : {}) });
  }
  return { lines, origins, limit: 1 / config.gate.errorRate };
}
