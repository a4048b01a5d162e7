import { beforeEach, describe, expect, it } from "vitest";

import { Pressure } from "../../src/pipeline/pressure.ts";

const clock = { time: 0, now: () => clock.time };
let waiting: number;
let oldestAt: number | null;
let looks: number;
let changes: (string | null)[];
let pressure: Pressure;

beforeEach(() => {
  clock.time = 100_000;
  waiting = 0;
  oldestAt = null;
  looks = 0;
  changes = [];
  const buffer = {
    counts: async () => {
      looks += 1;
      return { open: 0, sealed: 0, bytes: waiting };
    },
  };
  const limits = { bytes: 1_000, queueAgeMs: 60_000, resumeShare: 0.8 };
  const queue = { oldest: async () => oldestAt };
  pressure = new Pressure({ buffer, queue, limits, clock, onChange: (why) => changes.push(why) });
});

/** Whether bytes are let in, with every look a new one. */
async function letsIn(bytes = 1): Promise<boolean> {
  clock.time += 1_000;
  return pressure.admit(bytes).then(
    () => true,
    () => false,
  );
}

describe("pressure", () => {
  it("refuses at the limit and lets in again only below the share of it, and says both once", async () => {
    const seen: boolean[] = [];
    for (const bytes of [999, 1_000, 999, 800, 799, 999]) {
      waiting = bytes;
      seen.push(await letsIn());
    }
    expect(seen).toEqual([true, false, false, false, true, true]);
    expect(changes).toEqual(["1000 bytes of spans wait to be scored; the limit is 1000", null]);
    expect(pressure.isHigh).toBe(false);
  });

  it("refuses while a trace has waited for too long", async () => {
    oldestAt = clock.time;
    expect(await letsIn()).toBe(true);
    clock.time = oldestAt + 60_000;
    expect(await letsIn()).toBe(false);
    expect(pressure.isHigh).toBe(true);
    oldestAt = clock.time - 40_000;
    expect(await letsIn()).toBe(true);
  });

  it("tells senders to come back after 5 to 15 seconds, spread", async () => {
    waiting = 5_000;
    const waits: number[] = [];
    for (let time = 0; time < 50; time += 1) {
      const error = await pressure.admit(1).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "overloaded", retryable: true });
      waits.push(Reflect.get(Object(error), "retryAt") - clock.time);
    }
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(5_000);
    expect(Math.max(...waits)).toBeLessThanOrEqual(15_000);
    expect(new Set(waits).size).toBeGreaterThan(40);
  });

  it("looks once for many that ask, and again when what came since could have filled the buffer", async () => {
    await Promise.all(Array.from({ length: 20 }, () => pressure.admit(1)));
    expect(looks).toBe(1);
    await pressure.admit(105);
    expect(looks).toBe(1);
    await pressure.admit(1);
    expect(looks).toBe(2);
  });
});
