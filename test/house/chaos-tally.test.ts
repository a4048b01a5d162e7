import { describe, expect, it } from "vitest";

import { askedIn } from "../../scripts/chaos/asked-question.ts";
import { chaosTrace, EVERY, RULE } from "../../scripts/chaos/chaos-traces.ts";
import type { SinkDelivery } from "../../scripts/chaos/counting-sink.ts";
import type { ModelCall } from "../../scripts/chaos/faulty-model.ts";
import { WRITE_MS } from "../../scripts/chaos/in-flight.ts";
import { FULL, planOf, SHORT } from "../../scripts/chaos/plan.ts";
import { tally } from "../../scripts/chaos/tally.ts";
import { readTrace } from "../../src/conventions/read-trace.ts";
import type { JsonObject } from "../../src/core/json.ts";
import type { Judge } from "../../src/core/judge.ts";
import { defineJudge } from "../../src/judges/define-judge.ts";
import { readSpans } from "../../src/otlp/read-spans.ts";

const KILLED_AT = 1_000_000;
const killed = new Map([["work-1.1", KILLED_AT]]);
const sent = [{ traceId: "a", number: 1, scorers: [RULE, EVERY] }];

const call = (given: Partial<ModelCall> = {}): ModelCall => ({
  ...{ question: "q", scorer: EVERY, number: 1, worker: "work-1.1", planned: "usable" },
  askedAt: KILLED_AT - 100,
  repliedAt: KILLED_AT - 50,
  ...given,
});
const again = call({ worker: "work-2.1", askedAt: KILLED_AT + 100, repliedAt: KILLED_AT + 150 });

/** Says of the judge's score; the rule's is always there. */
const delivery = (content: string, unscored: string | null = null, given: Partial<SinkDelivery> = {}) => ({
  ...{ traceId: "a", worker: "work-1.1", takenAt: KILLED_AT - 50, content },
  scores: [
    { id: "rule", name: RULE, content: "rule", unscored: null },
    { id: "judge", name: EVERY, content, unscored },
  ],
  ...given,
});

const count = (
  calls: readonly ModelCall[],
  deliveries: readonly SinkDelivery[] = [],
  outages = [] as const,
) => tally({ sent, calls, deliveries, killed, outages });

describe("the chaos run counts", () => {
  it("a trace without a final decision of every scorer as lost, whatever was said of it before", () => {
    expect(count([])).toMatchObject({ sent: 1, scored: 0, lost: ["a"], scores: 0, expectedScores: 2 });
    expect(count([], [delivery("later", "rate-limited")])).toMatchObject({
      scored: 0,
      lost: ["a"],
      scores: 1,
    });
    expect(count([], [delivery("never", "refused")])).toMatchObject({ scored: 1, lost: [], scores: 2 });
    expect(count([], [delivery("yes"), delivery("later", "timed-out")])).toMatchObject({ scored: 0 });
  });

  it("two final decisions under one id as doubled, and a decision after none as one", () => {
    expect(count([], [delivery("later", "timed-out"), delivery("yes")]).contradicted.times).toBe(0);
    expect(count([], [delivery("yes"), delivery("no")]).contradicted).toEqual({ times: 1, traceIds: ["a"] });
  });

  it("the same delivery twice as repeated, apart when its worker was killed in the middle of the first", () => {
    const early = { takenAt: KILLED_AT - WRITE_MS - 1 };
    const twice = (first: Partial<SinkDelivery>) =>
      count([], [delivery("yes", null, first), delivery("yes")]);
    expect(twice({})).toMatchObject({ deliveredAgain: { times: 0 }, deliveredAgainAfterKill: { times: 1 } });
    expect(twice(early)).toMatchObject({
      deliveredAgain: { times: 1 },
      deliveredAgainAfterKill: { times: 0 },
    });
    expect(twice({ worker: "work-2.1" })).toMatchObject({ deliveredAgain: { times: 1, traceIds: ["a"] } });
  });

  it("a question paid twice as repeated, apart when its worker was killed before it could write the answer down", () => {
    const early = call({ repliedAt: KILLED_AT - WRITE_MS - 1 });
    expect(count([call(), again])).toMatchObject({
      paid: 2,
      paidAgain: { times: 0 },
      paidAgainAfterKill: { times: 1 },
    });
    expect(count([call(), again]).longestInFlightMs).toBe(50);
    expect(count([early, again])).toMatchObject({ paidAgain: { times: 1, traceIds: ["a"] } });
    expect(count([call({ worker: "work-3.1" }), again])).toMatchObject({ paidAgain: { times: 1 } });
    expect(count([call({ planned: "rate-limited" }), again])).toMatchObject({
      paid: 1,
      paidAgain: { times: 0 },
    });
    expect(count([call({ question: "another" }), again])).toMatchObject({ paid: 2, paidAgain: { times: 0 } });
  });

  it("an answer that could not be written because the store was away as in flight", () => {
    const early = call({ repliedAt: KILLED_AT - WRITE_MS - 1_000 });
    const outages = [{ from: KILLED_AT - WRITE_MS - 500, until: KILLED_AT - 10 }];
    const counted = tally({ sent, calls: [early, again], deliveries: [], killed, outages });
    expect(counted.paidAgainAfterKill.times).toBe(1);
  });

  it("a question asked again as in doubt when nobody read the first reply, or nobody wrote it down", () => {
    const doubt = [{ traceId: "a", scorer: EVERY }];
    expect(count([call(), again]).inDoubt).toEqual(doubt);
    expect(count([call({ planned: "hang", repliedAt: null, worker: "work-3.1" }), again]).inDoubt).toEqual(
      doubt,
    );
    expect(count([call({ planned: "cut", repliedAt: KILLED_AT + 5 }), again]).inDoubt).toEqual(doubt);
    expect(count([call({ planned: "cut" }), again]).inDoubt).toEqual([]);
    expect(count([call()]).inDoubt).toEqual([]);
  });
});

describe("a question of a chaos run", () => {
  it("is the same from every process, and another one for another trace or request", async () => {
    const requests: JsonObject[] = [];
    const ask = async (number: number, fence: string) => {
      const judge: Judge = {
        provider: "test",
        model: "test",
        identity: "test",
        async ask(question) {
          const { secondTry: _, ...asked } = question;
          const own = /<<trace ([0-9a-f]{8,})>>/.exec(question.content)?.[1] ?? "";
          requests.push(JSON.parse(JSON.stringify(asked).replaceAll(own, fence)));
          return { unscored: { code: "refused" }, reason: "no" };
        },
      };
      const { bodies } = chaosTrace(number, 1);
      const trace = readTrace(bodies.flatMap((body) => [...readSpans(body)]));
      const scorer = defineJudge(EVERY, {
        question: "Was the question answered?",
        labels: { yes: 1, no: 0 },
      });
      await scorer.score({ trace }, { judge, signal: AbortSignal.timeout(10_000) });
    };
    await ask(8, "0123456789abcdef");
    await ask(8, "fedcba9876543210");
    await ask(9, "0123456789abcdef");
    const [first, again, other] = requests.map((body) => askedIn({ body }));
    expect(first).toMatchObject({ scorer: EVERY, number: 8 });
    expect(again).toEqual(first);
    expect(other?.question).not.toBe(first?.question);
    expect(() => askedIn({ body: { messages: ["order A-000008"] } })).toThrow("no trace of ours");
  });
});

describe("the plan of a chaos run", () => {
  it("is the same for the same seed, holds everything, and ends while there is traffic", () => {
    for (const size of [FULL, SHORT]) {
      const plan = planOf(size, 7);
      expect(planOf(size, 7)).toEqual(plan);
      expect(planOf(size, 8)).not.toEqual(plan);
      const kinds = Map.groupBy(plan, ({ kind }) => kind);
      expect(kinds.get("kill")).toHaveLength(size.kills);
      expect(kinds.get("redis")).toHaveLength(size.redisRestarts);
      expect(kinds.get("postgres")).toHaveLength(1);
      expect(kinds.get("sink")).toHaveLength(1);
      expect(plan.at(-1)?.at).toBeLessThan(0.9 * size.traces);
    }
  });
});
