// Agents that run side by side in threads; each export is one behaviour.
import { setTimeout as sleep } from "node:timers/promises";

import type { Case } from "../../src/core/case.ts";
import type { TrialSetting } from "../../src/core/run.ts";

let served = 0;

export async function echoes(input: Case, setting: TrialSetting): Promise<string> {
  await sleep(20);
  return `${input.id} at ${setting.endpoint}`;
}

/** How many trials this thread has served, this one included. */
export function counts(): string {
  served += 1;
  return String(served);
}

export function fails(): string {
  throw new Error("no model key");
}

/** Ends when the signal of its trial fires, and says so through the environment of its own thread. */
export async function waits(_input: Case, { signal }: TrialSetting): Promise<string> {
  await new Promise((resolve) => signal.addEventListener("abort", resolve));
  return "too late";
}

export function blocks(): string {
  for (;;);
}

export function exits(): never {
  process.exit(3);
}

export function environment(): string {
  return JSON.stringify([process.env.OTEL_EXPORTER_OTLP_ENDPOINT ?? null, process.env.OTEL_TRACES_SAMPLER]);
}
