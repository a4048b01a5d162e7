// Agents under test, as a module; each export is one behaviour of the task contract.
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";

import type { Case } from "../../src/core/case.ts";

/** Sends one span over OTLP/JSON to where the environment says. */
async function sendSpan(name: string): Promise<void> {
  const [, traceId, parentSpanId] = (process.env.TRACEPARENT ?? "").split("-");
  const attributes = (process.env.OTEL_RESOURCE_ATTRIBUTES ?? "").split(",").map((pair) => {
    const [key = "", value = ""] = pair.split("=");
    return { key, value: { stringValue: decodeURIComponent(value) } };
  });
  const start = `${Date.now()}000000`;
  const span = {
    traceId,
    spanId: "0102030405060708",
    parentSpanId,
    name,
    kind: 1,
    startTimeUnixNano: start,
    endTimeUnixNano: start,
  };
  const body = {
    resourceSpans: [{ resource: { attributes }, scopeSpans: [{ scope: { name: "test" }, spans: [span] }] }],
  };
  await fetch(`${process.env.OTEL_EXPORTER_OTLP_ENDPOINT}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

export async function answers(input: Case): Promise<string> {
  await sendSpan(input.id);
  return `answer to ${input.id}`;
}

export async function answersAsObject(input: Case): Promise<{ answer: string }> {
  return { answer: `answer to ${input.id}` };
}

export async function silent(input: Case): Promise<void> {
  await sendSpan(input.id);
}

export async function fails(): Promise<string> {
  throw new Error("no model key");
}

export async function exits(): Promise<string> {
  process.exit(0);
}

export async function importsWhatIsNotInstalled(): Promise<string> {
  return import(["no", "such", "package"].join("-"));
}

/** Leaves a timer running that would keep the process alive for ever. */
export async function leavesTimer(input: Case): Promise<string> {
  setInterval(() => {}, 1_000);
  return `answer to ${input.id}`;
}

export async function hangs(): Promise<string> {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
  writeFileSync(process.env.PID_FILE ?? "", `${process.pid}\n${child.pid}\n`);
  for (;;);
}
