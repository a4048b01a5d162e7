import { resolve } from "node:path";

import type { Config } from "../../config/schema.ts";
import type { Task } from "../../core/run.ts";
import { readRecording } from "../../datasets/recordings.ts";
import type { GateOptions } from "../../pipeline/gate.ts";
import type { GatePlace } from "../gate-setup.ts";
import { mainPreparer } from "./prepare-main.ts";

/** What the caller of a gate says of its control. */
export interface ControlWishes extends GatePlace {
  /** Branch or commit that the change began at. Default: as configured, or found. */
  readonly base?: string;
  readonly parts?: { readonly finish: boolean };
}

/** How a block is controlled, and what the recordings of the cases say of earlier times. */
export function controlOf(
  { cwd, env, gitToken, base, configPath, parts }: ControlWishes,
  { config, path, task }: { readonly config: Config; readonly path: string | null; readonly task: Task },
): Pick<GateOptions, "prepareMain" | "recordingOf"> {
  const folder = resolve(cwd, config.harvest.recordings);
  const prepareMain = mainPreparer({
    cwd,
    env,
    config,
    configPath: path,
    task,
    ...(gitToken ? { gitToken } : {}),
    ...(base === undefined ? {} : { base }),
    ...(configPath === undefined ? {} : { namedConfig: configPath }),
  });
  return {
    prepareMain: parts && !parts.finish ? async () => ({ reason: MERGED }) : prepareMain,
    recordingOf: async ({ recording }) =>
      recording === undefined ? undefined : readRecording(folder, recording).catch(() => undefined),
  };
}

const MERGED = "the parts were only merged; `tracegate gate merge --finish` tries main as well";
