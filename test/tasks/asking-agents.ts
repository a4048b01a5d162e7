// Agents that do or do not ask where spans are to be sent; each export is one behaviour.
import { spawnSync } from "node:child_process";
import { env } from "node:process";

import type { Case } from "../../src/core/case.ts";
import type { TrialSetting } from "../../src/core/run.ts";

export function nothing(input: Case, { trial }: TrialSetting): string {
  process.stdout.write("a line that nobody asked for\n");
  return `${input.id} ${trial} ${process.env.PATH === undefined ? "without" : "with"} a path`;
}

export function setsVariables(): string {
  process.env.OF_THE_AGENT = "1";
  process.env.OF_THE_AGENT = "2";
  delete process.env.NOT_THERE;
  return `${process.env.OF_THE_AGENT} ${"OF_THE_AGENT" in process.env}`;
}

export function readsEndpoint(_input: Case, { endpoint }: TrialSetting): string {
  return endpoint;
}

export function readsVariable(): string {
  return String(process.env.OTEL_EXPORTER_OTLP_ENDPOINT);
}

export function readsImportedVariable(): string {
  return String(env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT);
}

export function startsProcess(): string {
  return spawnSync(process.execPath, ["-p", "1 + 1"], { encoding: "utf8" }).stdout.trim();
}

export function registersProvider(): string {
  Reflect.set(globalThis, Symbol.for("opentelemetry.js.api.1"), { trace: {} });
  return "registered";
}
