import { resolve } from "node:path";

import type { Config } from "../config/schema.ts";
import type { History } from "../core/run.ts";
import { fileHistory } from "../datasets/file-history.ts";
import type { Environment } from "./equipment.ts";

/** Main's history as the configuration places it. */
export function openHistory(
  { gate }: Config,
  { cwd }: { readonly cwd: string; readonly env: Environment },
): History {
  return fileHistory(resolve(cwd, gate.history));
}
