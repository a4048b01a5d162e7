import { describe, expect, it } from "vitest";

import { type ProbedParts, SiteProbe } from "../../src/server/site-probe.ts";

const buffer = { counts: async () => ({ open: 1, sealed: 2, bytes: 3 }) };
const queue = {
  counts: async () => ({ waiting: 4, active: 0, delayed: 0, dead: 0 }),
  oldest: async () => 5,
};
const store = {
  waiting: async () => ({ deliveries: 6, retries: 7 }),
  batchCounts: async () => ({ waiting: 8, sent: 9, batches: 1 }),
  openDecisions: async () => [],
  pauses: async () => [],
};

describe("a site probe", () => {
  it("gives what each part says", async () => {
    expect(await new SiteProbe({ buffer, queue, store }).levels()).toEqual({
      buffer: { open: 1, sealed: 2, bytes: 3 },
      queue: { waiting: 4, active: 0, delayed: 0, dead: 0, oldestAt: 5 },
      store: {
        waiting: { deliveries: 6, retries: 7 },
        decisions: [],
        pauses: [],
        batchCounts: { waiting: 8, sent: 9, batches: 1 },
      },
      reasons: {},
    });
  });

  it("waits for none that hangs, and says why a part is away without losing the others", async () => {
    const parts: ProbedParts = {
      buffer: { counts: () => new Promise(() => {}) },
      queue: { ...queue, oldest: () => Promise.reject(new Error("Redis is away.")) },
      store,
    };
    const levels = await new SiteProbe(parts, { timeoutMs: 20 }).levels();
    expect(levels).toMatchObject({ buffer: null, queue: null, store: { waiting: { deliveries: 6 } } });
    expect(levels.reasons).toEqual({ buffer: "no answer within 20 ms", queue: "Redis is away." });
  });

  it("asks the parts once for many who want to know at the same time", async () => {
    let asked = 0;
    const counted = { counts: async () => ({ open: ++asked, sealed: 0, bytes: 0 }) };
    const probe = new SiteProbe({ buffer: counted, queue, store }, { keepMs: 60_000 });
    await Promise.all(Array.from({ length: 50 }, () => probe.levels()));
    expect(asked).toBe(1);
  });
});
