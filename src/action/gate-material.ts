import { resolve } from "node:path";

import { loadConfig } from "../config/load-config.ts";
import { readRecording } from "../datasets/recordings.ts";
import type { CaseOrigin } from "../render/html/gate/then-and-now.ts";
import { type CaseLine, locateCases } from "./case-lines.ts";
import type { Inputs } from "./inputs.ts";

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
export async function readMaterial(inputs: Inputs): Promise<GateMaterial> {
  const cwd = inputs.workingDirectory;
  const { config } = await loadConfig({ cwd, ...(inputs.config ? { path: inputs.config } : {}) });
  const lines = await locateCases(inputs.dataset ? [inputs.dataset] : config.gate.datasets, cwd);
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
