import { describe, expect, it } from "vitest";

import { samplingRules } from "../../src/app/sampling-rules.ts";
import { defaultConfig } from "../../src/config/parse-config.ts";
import type { ConfigInput } from "../../src/config/schema.ts";
import type { AgentVersion, FirstOfVersion, SamplingDecision } from "../../src/core/sampling.ts";
import { LiveSampler } from "../../src/pipeline/live-sampler.ts";
import { makeTrace, type TraceSketch } from "../../src/testing/make-trace.ts";

/** The store's counter, and what it was asked. */
class Counter {
  readonly asked: AgentVersion[] = [];
  readonly #taken = new Map<string, number>();
  async countVersion(version: AgentVersion, { limit }: FirstOfVersion): Promise<number> {
    this.asked.push(version);
    const key = JSON.stringify(version);
    const before = this.#taken.get(key) ?? 0;
    this.#taken.set(key, Math.min(limit, before + 1));
    return before;
  }
}

const idOf = (number: number) => number.toString(16).padStart(32, "0");

/** A sampler of a configuration, on a counter and a clock of its own. */
function samplerOf(sampling: ConfigInput["sampling"]) {
  const counter = new Counter();
  const clock = { time: 0, now: () => clock.time };
  const rulesOf = samplingRules(defaultConfig({ sampling }));
  const sampler = new LiveSampler({ store: counter, rulesOf, clock });
  const decide = (number: number, sketch: TraceSketch = {}, earlier?: SamplingDecision) =>
    sampler.decide(makeTrace({ traceId: idOf(number), ...sketch }), [], earlier);
  return { counter, clock, decide };
}

const agent = (version: string) => ({ agent: { name: "shop", version } });

describe("sampling of live traces", () => {
  it("takes the first of each version, then asks the store no more for an hour", async () => {
    const { counter, clock, decide } = samplerOf({ rate: 0, firstOfVersion: 2 });
    const decisions = [1, 2, 3, 4].map((number) => () => decide(number, agent("7")));
    const reasons: string[] = [];
    for (const next of decisions) reasons.push((await next()).reason);
    expect(reasons).toEqual(["new-version", "new-version", "left-out", "left-out"]);
    expect(counter.asked).toHaveLength(3);
    expect((await decide(5, agent("8"))).reason).toBe("new-version");
    clock.time = 3_600_001;
    expect((await decide(6, agent("7"))).reason).toBe("left-out");
    expect(counter.asked).toHaveLength(5);
  });

  it("goes by the version of the service where the agent has none", async () => {
    const { counter, decide } = samplerOf({});
    await decide(1, { service: { name: "shop", version: "1.2" }, agent: { name: "a" } });
    await decide(2, { service: {}, agent: {} });
    expect(counter.asked).toEqual([
      { service: "shop", agent: "a", version: "1.2" },
      { service: null, agent: null, version: null },
    ]);
  });

  it.each([false, 1] as const)(
    "takes everything with sampling: %s, and counts no versions for it",
    async (sampling) => {
      const { counter, decide } = samplerOf(sampling);
      expect(await decide(1)).toEqual({ sampled: true, probability: 1, reason: "rate" });
      expect(counter.asked).toEqual([]);
    },
  );

  it("takes what is slower than usual for its service, once it knows what is usual", async () => {
    const { decide } = samplerOf({ rate: 0, firstOfVersion: 0 });
    const reasonOf = async (number: number, name: string, durationMs: number) =>
      (await decide(number, { service: { name }, durationMs })).reason;
    expect(await reasonOf(0, "chat", 1_000_000)).toBe("left-out");
    for (let number = 1; number < 1_000; number++) await reasonOf(number, "chat", 1_000 + (number % 500));
    expect(await reasonOf(1_001, "chat", 1_490)).toBe("left-out");
    expect(await reasonOf(1_002, "chat", 1_500)).toBe("slow");
    expect(await reasonOf(1_003, "coder", 900_000)).toBe("left-out");
  });

  it("takes a share of one in a hundred as slow, whatever the times are", async () => {
    const { decide } = samplerOf({ rate: 0, firstOfVersion: 0 });
    let slow = 0;
    for (let number = 0; number < 6_000; number++) {
      // The golden ratio spreads evenly over 0..1; its tenth power makes a long tail.
      const durationMs = 100 / ((number * 0.618_033_988_75) % 1) ** 3;
      if ((await decide(number, { durationMs })).reason === "slow") slow += 1;
    }
    expect(slow / 6_000).toBeGreaterThan(0.005);
    expect(slow / 6_000).toBeLessThan(0.02);
  });

  it("takes none as slow with null, and all slower than a number", async () => {
    const off = samplerOf({ rate: 0, firstOfVersion: 0, slowMs: null });
    const fixed = samplerOf({ rate: 0, firstOfVersion: 0, slowMs: 500 });
    for (let number = 0; number < 300; number++) await off.decide(number, { durationMs: 100 });
    expect((await off.decide(301, { durationMs: 1e9 })).reason).toBe("left-out");
    expect((await fixed.decide(1, { durationMs: 500 })).reason).toBe("left-out");
    expect((await fixed.decide(1, { durationMs: 501 })).reason).toBe("slow");
  });

  it("has other numbers for some services, and none for names such as constructor", async () => {
    const { decide } = samplerOf({ rate: 0, firstOfVersion: 0, services: { vip: { rate: 1 } } });
    const sampledOf = async (name: string) => (await decide(1, { service: { name } })).sampled;
    expect([await sampledOf("vip"), await sampledOf("shop"), await sampledOf("constructor")]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it("keeps a trace in the sample with the chance it had when a revision comes, and counts it once", async () => {
    const { counter, decide } = samplerOf({ rate: 0, firstOfVersion: 1 });
    const first = await decide(1);
    const again = { revision: 2 };
    expect(await decide(1, again, first)).toEqual({ sampled: true, probability: 1, reason: "new-version" });
    const byRate: SamplingDecision = { sampled: true, probability: 0.1, reason: "rate" };
    expect(await decide(2, again, byRate)).toEqual(byRate);
    const leftOut: SamplingDecision = { sampled: false, probability: 0.1, reason: "left-out" };
    expect(await decide(3, again, leftOut)).toMatchObject({ sampled: false });
    const failed = { ...again, errors: [{ spanId: "0000000000000001", type: "timeout" }] };
    expect(await decide(3, failed, leftOut)).toEqual({ sampled: true, probability: 1, reason: "error" });
    expect(await decide(2, failed, byRate)).toMatchObject({ probability: 1, reason: "error" });
    expect(counter.asked).toHaveLength(1);
  });
});
