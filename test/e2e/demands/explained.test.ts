import { afterEach, describe, expect, it } from "vitest";

import { defineScorer } from "../../../src/scorers/define-scorer.ts";
import { toolErrors } from "../../../src/scorers/tool-errors.ts";
import { idOf, run } from "../../cli/agent-traces.ts";
import { judgeOf, type LiveSite, startLive } from "./live-site.ts";

let live: LiveSite;
afterEach(() => live.stop());

const bodyOf = (number: number) => run({ traceId: idOf(number), question: `Where is order ${number}?` });

describe("demand 11: an evaluator is configured, nothing ever runs, nothing says why", () => {
  it("a judge without a key says which variable to set, for every trace", async () => {
    live = await startLive({ scorers: [judgeOf("resolved")], hasJudge: false });
    await live.send(bodyOf(1));
    expect(await live.scored(idOf(1))).toMatchObject([{ value: null, unscored: { code: "no-key" } }]);
    const [decision] = (await live.why(idOf(1))).decisions;
    expect(decision).toMatchObject({ scorer: "resolved", state: "failed" });
    expect(`${decision?.reason} ${decision?.next}`).toMatch(/OPENAI_API_KEY|ANTHROPIC_API_KEY/);
  });

  it("a trace that never arrived and one that is not complete say what was seen of them", async () => {
    live = await startLive({ scorers: [judgeOf("resolved")] });
    expect(await live.why(idOf(9))).toMatchObject({
      state: "unknown",
      summary: expect.stringContaining("No span of this trace has arrived here."),
    });
    await fetch(`${live.running.url}/v1/traces`, {
      method: "POST",
      body: "not spans",
      headers: { "Content-Type": "application/json" },
    });
    const refused = async () => (await live.why(idOf(9))).summary;
    await expect.poll(refused, { timeout: 20_000 }).toContain("refused 1 request");
  }, 40_000);
});

describe("demand 12: is it running, and what did it do?", () => {
  it("metrics tell what was taken, completed, judged and paid, with the trace to look at", async () => {
    live = await startLive({ scorers: [toolErrors(), judgeOf("resolved")] });
    for (const number of [1, 2, 3]) await live.send(bodyOf(number));
    for (const number of [1, 2, 3]) await live.scored(idOf(number));
    const text = await live.metrics();
    expect(text).toMatch(/^tracegate_receiver_spans_total 12$/m);
    expect(text).toMatch(
      /^tracegate_traces_completed_total\{reason="root-ended"\} 3 # \{trace_id="00000[123]a+"\}/m,
    );
    expect(text).toMatch(/^tracegate_judge_calls_total\{model="gpt-4o-mini",outcome="answered"\} 3 # /m);
    expect(text).toMatch(/^tracegate_judge_tokens_total\{model="gpt-4o-mini",direction="input"\} 3000$/m);
    expect(text).toMatch(/^tracegate_judge_cost_usd_total\{model="gpt-4o-mini"\} 0\.00054/m);
    expect(text).toMatch(/^tracegate_queue_jobs\{state="dead"\} 0$/m);
  });

  it("each score of a judge names the model that gave it, its tokens and its cost", async () => {
    live = await startLive({ scorers: [judgeOf("resolved")] });
    await live.send(bodyOf(1));
    expect((await live.scored(idOf(1)))[0]?.metadata).toMatchObject({
      judgeProvider: "openai",
      judgeModel: "gpt-4o-mini",
      usage: { inputTokens: 1_000, outputTokens: 50 },
    });
  });
});

describe("demand 20: a trace larger than the judge's window gets a 0 that looks like bad quality", () => {
  it("it is judged on what fits, and says how much that was, or has no score and says what to do", async () => {
    live = await startLive({ scorers: [judgeOf("resolved")] });
    await live.send(run({ traceId: idOf(1), answer: "All is well. ".repeat(60_000) }));
    const [score] = await live.scored(idOf(1));
    expect(score?.value).not.toBe(0);
    if (score?.value === 1) expect(Number(score.metadata.kept)).toBeLessThan(1);
    else expect(score).toMatchObject({ value: null, unscored: { code: "too-large" } });
  });
});

describe("demand 26: sample production traffic, but score every experiment", () => {
  it("judges see the sample, rules see everything, and the chance is kept with the score", async () => {
    const always = defineScorer("always", () => true);
    const sampling = { rate: 0.5, slowMs: null, firstOfVersion: 0 };
    live = await startLive({ scorers: [always, judgeOf("resolved")], sampling });
    const numbers = Array.from({ length: 30 }, (_, index) => index + 1);
    for (const number of numbers) await live.send(bodyOf(number));
    const scores = await Promise.all(numbers.map((number) => live.scored(idOf(number))));
    expect(scores.every(([rule]) => rule?.value === 1)).toBe(true);
    const judged = scores.flatMap(([, score]) => (score?.value === 1 ? [score] : []));
    const left = scores.flatMap(([, score]) => (score?.unscored?.code === "sampled-out" ? [score] : []));
    expect(judged.length + left.length).toBe(30);
    expect(judged.length).toBeGreaterThan(5);
    expect(left.length).toBeGreaterThan(5);
    expect(new Set(judged.map(({ inclusionProbability }) => inclusionProbability))).toEqual(new Set([0.5]));
    expect(live.asked()).toBe(judged.length);
  });
});
