import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

import { mergeTraces } from "../../src/otlp/merge-traces.ts";
import { readSpans } from "../../src/otlp/read-spans.ts";
import { openCapture } from "../../src/receiver/capture.ts";
import { moduleTask } from "../../src/tasks/module-task.ts";
import { startCpuWatch } from "../contracts/cpu-time.ts";
import { caseOf } from "../datasets/case-of.ts";

const AGENTS = fileURLToPath(new URL("./otel-agents.ts", import.meta.url));
const { signal } = new AbortController();
const SPAN_ID = "cd".repeat(8);

describe.each(["process", "thread"] as const)("a module with one global provider, in a %s", (isolation) => {
  /** The spans of cases tried side by side, each case with the trace that it was asked to continue. */
  async function tried(name: string, ids: readonly string[]) {
    const capture = await openCapture();
    const task = moduleTask({ path: AGENTS, export: name, isolation });
    try {
      const trials = ids.map(async (id, index) => {
        const traceId = String(index + 1).padStart(32, "a");
        const place = capture.open(id, { traceId, spanId: SPAN_ID });
        const traceparent = `00-${traceId}-${SPAN_ID}-01`;
        const output = await task.run(caseOf(id), { trial: 1, ...place, traceparent, signal });
        const chunks = await capture.collect(id, { quietMs: 0, signal });
        return { traceId, output, spans: readSpans(mergeTraces(chunks)) };
      });
      return await Promise.all(trials);
    } finally {
      await Promise.all([capture.close(), task.close()]);
    }
  }

  it("continues the trace it was given with OpenTelemetry's propagator, and nothing is left waiting", async () => {
    const trials = await tried("continues", ["a", "b", "c"]);
    for (const [index, { traceId, output, spans }] of trials.entries()) {
      const id = "abc"[index];
      expect(output).toEqual({ answer: `answer to ${id}` });
      expect(spans.map((span) => span.traceId)).toEqual([traceId, traceId]);
      const root = spans.find(({ name }) => name === `invoke_agent ${id}`);
      expect(root).toMatchObject({ parentSpanId: SPAN_ID, flags: 0x301 });
      expect(spans.find(({ name }) => name === "chat")?.parentSpanId).toBe(root?.spanId);
    }
  });

  it("continues it also when it knows nothing of trials", async () => {
    const trials = await tried("unaware", ["a", "b", "c"]);
    for (const [index, { traceId, spans }] of trials.entries()) {
      const root = spans.find(({ name }) => name === `invoke_agent ${"abc"[index]}`);
      expect(root).toMatchObject({ traceId, parentSpanId: SPAN_ID });
      expect(spans.find(({ name }) => name === "chat")?.parentSpanId).toBe(root?.spanId);
    }
  });

  it("sends its log records before the answer too", async () => {
    const [trial] = await tried("logs", ["a"]);
    expect(trial?.spans[0]?.events.map(({ name }) => name)).toEqual(["gen_ai.user.message"]);
  });

  it("does not wait for an exporter that never ends", async () => {
    const cpu = startCpuWatch();
    const [trial] = await tried("hangs", ["a"]);
    expect(trial?.output).toEqual({ answer: "hung" });
    expect(cpu()).toBeLessThan(3_000);
  });
});
