import { afterEach, describe, expect, it } from "vitest";

import { defineScorer } from "../../../src/scorers/define-scorer.ts";
import { idOf, run } from "../../cli/agent-traces.ts";
import { judgeOf, type LiveSite, startLive } from "./live-site.ts";

let live: LiveSite;
afterEach(() => live.stop());

const NUMBERS = Array.from({ length: 12 }, (_, index) => index + 1);
const bodyOf = (number: number) => run({ traceId: idOf(number), question: `Where is order ${number}?` });

describe("demand 6: every online evaluation runs twice", () => {
  it("spans that are sent three times over, as senders do that got no answer, are evaluated once", async () => {
    live = await startLive({ scorers: [judgeOf("resolved"), judgeOf("polite")] });
    const bodies = NUMBERS.map(bodyOf);
    await Promise.all([...bodies, ...bodies, ...bodies].map((body) => live.send(body)));
    for (const number of NUMBERS) await live.scored(idOf(number));
    await live.sink.waitFor(({ counts }) => counts().scores === 24);
    expect(live.results).toHaveLength(12);
    expect(live.asked()).toBe(24);
    expect(live.sink.counts()).toMatchObject({ scores: 24, distinctScores: 24, redeliveries: 0 });
  });
});

describe("demand 7: one execution writes two scores", () => {
  it("a delivery that has to be made again carries the same ids, and the judge is not asked again", async () => {
    live = await startLive({ scorers: [judgeOf("resolved"), judgeOf("polite")] });
    live.sink.failNext(2, { status: 503, retryAfterS: 1 });
    await live.send(bodyOf(1));
    await live.scored(idOf(1));
    await live.sink.waitFor(({ counts }) => counts().distinctScores === 2, 20_000);
    const { deliveries } = await live.why(idOf(1));
    expect(deliveries).toHaveLength(1);
    expect(live.sink.scoreIds().size).toBe(2);
    expect(live.asked()).toBe(2);
  });
});

describe("demand 15: an auto-scorer loops on an error", () => {
  it("a scorer that always throws is run once for each trace, and the trace's other scores are not held up", async () => {
    let runs = 0;
    const broken = defineScorer("broken", () => {
      runs += 1;
      throw new Error("a bug");
    });
    live = await startLive({
      scorers: [broken, judgeOf("resolved")],
      worker: { judgeRetries: { baseMs: 10 } },
    });
    for (const number of NUMBERS) await live.send(bodyOf(number));
    for (const number of NUMBERS) {
      const scores = await live.scored(idOf(number));
      expect(scores).toMatchObject([{ unscored: { code: "scorer-error" } }, { value: 1 }]);
      expect(scores[0]?.explanation).toContain("a bug");
    }
    expect(runs).toBe(12);
    expect((await live.why(idOf(1))).decisions).toContainEqual(
      expect.objectContaining({ scorer: "broken", state: "failed", retryAt: null }),
    );
  });
});
