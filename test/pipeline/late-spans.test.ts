import { describe, expect, it } from "vitest";

import { systemClock } from "../../src/core/clock.ts";
import type { SpanCapture, Task, TaskOutput } from "../../src/core/run.ts";
import { runTrial } from "../../src/pipeline/run-dataset-trial.ts";
import { caseOf } from "../datasets/case-of.ts";
import { agent, decodeTrace, memoryCapture } from "./gate-fakes.ts";

/** A trial of a service that sends no spans of it; `foreign` traces of others arrived. */
async function trySilent(output: TaskOutput, fields: Partial<Task> = {}, foreign = 0) {
  const opened: Parameters<SpanCapture["open"]>[1][] = [];
  const waits: object[] = [];
  const memory = memoryCapture();
  const seen: string[] = [];
  const result = await runTrial(caseOf("a"), 1, {
    task: {
      ...agent((_, { traceparent }) => {
        seen.push(traceparent);
        return output;
      }),
      kind: "http",
      description: "POST http://shop/",
      ...fields,
    },
    capture: {
      ...memory,
      open(trialId, parent) {
        opened.push(parent);
        return { ...memory.open(trialId), sharedEndpoint: "http://127.0.0.1:4400" };
      },
      collect(trialId, options) {
        const { signal, ...wait } = options;
        waits.push(wait);
        return memory.collect(trialId, { ...wait, signal });
      },
      unclaimed: () => foreign,
    },
    readTrace: decodeTrace,
    evaluate: async () => [],
    quietMs: 2_000,
    clock: systemClock,
    signal: new AbortController().signal,
  });
  return { result, opened, waits, seen };
}

describe("the spans of a service", () => {
  it("are known by the trace that it was given", async () => {
    const { opened, seen } = await trySilent({ answer: "hi" });
    expect(seen).toEqual(opened.map((parent) => `00-${parent?.traceId}-${parent?.spanId}-01`));
  });

  it("are waited for as long as its task says, if that is longer, and not at all after a fault", async () => {
    const arrival = { quietMs: 6_000, settleMs: 1_000 };
    expect((await trySilent({ answer: "hi" }, { arrival })).waits).toEqual([arrival]);
    const short = { quietMs: 0, settleMs: 400 };
    expect((await trySilent({ answer: "hi" }, { arrival: short })).waits).toEqual([
      { quietMs: 2_000, settleMs: 400 },
    ]);
    const fault = { code: "agent-refused", message: "401" } as const;
    expect((await trySilent({ fault }, { arrival })).waits).toEqual([{ quietMs: 0, settleMs: 1_000 }]);
  });

  it("that are missing are no secret: the fault says whether it began traces of its own", async () => {
    const own = await trySilent({}, {}, 3);
    expect(own.result.fault).toMatchObject({
      code: "no-trace",
      message: expect.stringContaining(
        "3 other trace(s) arrived there: the service must continue the traceparent header",
      ),
    });
    const none = await trySilent({});
    expect(none.result.fault?.message).toContain(
      "no span of the trial arrived at http://127.0.0.1:4400 and no answer could be read from the response. Start the service with OTEL_EXPORTER_OTLP_ENDPOINT set to it",
    );
  });

  it("that are missing where there is an answer are told in a note", async () => {
    expect((await trySilent({ answer: "hi" })).result.notes).toBeUndefined();
    const { result } = await trySilent({ answer: "hi" }, {}, 1);
    expect(result.fault).toBeNull();
    expect(result.notes?.[0]).toContain("only the answer was scored: no span of the trial arrived");
  });

  it("do not matter where the service refused: it is not asked again", async () => {
    const refused = await trySilent({ fault: { code: "agent-refused", message: "401" } });
    expect(refused.seen).toHaveLength(1);
    expect(refused.result.fault).toEqual({ code: "agent-refused", message: "401" });
    const down = await trySilent({ fault: { code: "agent-failed-to-start", message: "503" } });
    expect(down.seen).toHaveLength(2);
  });
});
