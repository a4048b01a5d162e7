import { setTimeout as wait } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";

import { ruleScorers } from "../../../src/scorers/index.ts";
import { otlp } from "../../../src/testing/spans.ts";
import { idOf, run, sketchOf } from "../../cli/agent-traces.ts";
import { judgeOf, type LiveSite, startLive } from "./live-site.ts";

let live: LiveSite;
afterEach(() => live.stop());

const ROOT = "00000000000000ff";

/** A run in two parts: what happened below the root, and the root, which ends last. */
function partsOf(number: number): { readonly below: Uint8Array; readonly root: Uint8Array } {
  const sketch = sketchOf({ traceId: idOf(number), question: `Where is order ${number}?` });
  const [{ children = [], ...root }] = sketch.spans;
  const below = children.map((span) => ({ ...span, parentSpanId: ROOT }));
  return {
    below: otlp({ ...sketch, spans: below }),
    root: otlp({ ...sketch, spans: [{ ...root, spanId: ROOT }] }),
  };
}

describe("demand 1: a fixed delay is wrong for runs of 10 s to 5 min", () => {
  it("a long run is scored when it ends, however long it pauses, and a short one does not wait for that", async () => {
    live = await startLive({
      scorers: [judgeOf("resolved")],
      completion: { afterRootMs: 50, idleMs: 60_000 },
    });
    const { below, root } = partsOf(1);
    await live.send(below);
    await live.send(run({ traceId: idOf(2) }));
    await live.scored(idOf(2));
    // Many times the quiet time after a root's end: a pause, as of a tool that takes long.
    await wait(1_000);
    expect((await live.why(idOf(1))).state).toBe("collecting");
    await live.send(root);
    await live.scored(idOf(1));
    expect(live.results.filter(({ trace }) => trace.traceId === idOf(1))).toMatchObject([
      { trace: { revision: 1, completion: "root-ended" } },
    ]);
  });
});

describe("demand 2: only 1 or 2 of 6 or 7 items get a score", () => {
  it("every scorer says of every trace what it found or why it found nothing", async () => {
    const scorers = [...ruleScorers, judgeOf("resolved"), judgeOf("polite")];
    live = await startLive({ scorers });
    const numbers = [1, 2, 3, 4, 5, 6, 7];
    await Promise.all(numbers.map((number) => live.send(run({ traceId: idOf(number) }))));
    for (const number of numbers) {
      const scores = await live.scored(idOf(number));
      expect(scores.map(({ name }) => name)).toEqual(scorers.map(({ name }) => name));
      for (const { value, unscored, explanation } of scores)
        expect(value ?? (unscored && explanation)).not.toBe(null);
      const { decisions } = await live.why(idOf(number));
      expect(decisions.map(({ scorer }) => scorer).toSorted()).toEqual(
        scorers.map(({ name }) => name).toSorted(),
      );
    }
  });
});

describe("demand 5: partial traces are scored twice, once with empty output", () => {
  it("parts that come in any order are one trace, scored once with everything in it", async () => {
    live = await startLive({ scorers: [judgeOf("resolved")], completion: { afterRootMs: 1_500 } });
    for (const [number, first, second] of [
      [1, "below", "root"],
      [2, "root", "below"],
    ] as const) {
      const parts = partsOf(number);
      await live.send(parts[first]);
      await live.send(parts[second]);
      await live.scored(idOf(number));
    }
    expect(live.results.map(({ trace }) => [trace.revision, trace.output, trace.toolCalls.length])).toEqual([
      [1, "It is on its way.", 1],
      [1, "It is on its way.", 1],
    ]);
    expect(live.asked()).toBe(2);
  });

  it("a part that comes too late makes a revision, whose scores take the place of the first ones", async () => {
    live = await startLive({ scorers: [judgeOf("resolved")] });
    const { below, root } = partsOf(1);
    await live.send(root);
    await live.complete(idOf(1));
    await live.scored(idOf(1), 1);
    await live.send(below);
    await live.scored(idOf(1), 2);
    const states = (await live.why(idOf(1))).decisions.map(({ revision, state }) => [revision, state]);
    expect(states.toSorted()).toEqual([
      [1, "superseded"],
      [2, "scored"],
    ]);
    await live.sink.waitFor(({ counts }) => counts().scores === 2);
    expect(live.sink.scoreIds().size).toBe(1);
  });
});

describe("demand 13: long traces are skipped for ever because the window is by start time", () => {
  it("a run that began three days ago is scored when its last span arrives", async () => {
    live = await startLive({ scorers: [judgeOf("resolved")] });
    const sketch = sketchOf({ traceId: idOf(1) });
    const old = sketch.spans.map((span) => ({ ...span, startTime: Date.now() - 3 * 24 * 3_600_000 }));
    await live.send(otlp({ ...sketch, spans: old }));
    expect((await live.scored(idOf(1))).map(({ value }) => value)).toEqual([1]);
  });
});

describe("demand 30: derived events and old traces trigger thousands of evaluations, evaluator traces a loop", () => {
  it("spans of the evaluation itself are taken and never evaluated", async () => {
    live = await startLive({ scorers: [judgeOf("resolved")] });
    await live.send(otlp({ ...sketchOf({ traceId: idOf(1) }), service: "tracegate" }));
    const judged = sketchOf({ traceId: idOf(2) }).spans.map((span) => ({
      ...span,
      attributes: { ...span.attributes, "tracegate.judge": true },
      children: [],
    }));
    await live.send(otlp({ traceId: idOf(2), service: "shop", spans: judged }));
    await live.send(run({ traceId: idOf(3) }));
    await live.scored(idOf(3));
    expect(live.results).toHaveLength(1);
    expect(live.asked()).toBe(1);
    expect((await live.why(idOf(1))).state).toBe("unknown");
  });

  it("an old trace that is sent again is not evaluated again", async () => {
    live = await startLive({ scorers: [judgeOf("resolved")] });
    const body = run({ traceId: idOf(1) });
    await live.send(body);
    await live.scored(idOf(1));
    for (let time = 0; time < 20; time += 1) await live.send(body);
    await live.complete(idOf(1));
    await live.send(run({ traceId: idOf(2), question: "Another one?" }));
    await live.scored(idOf(2));
    expect(live.results).toHaveLength(2);
    expect(live.asked()).toBe(2);
  });
});
