import { describe, expect, it } from "vitest";
import { guardedCall, INTERRUPTED } from "../../src/pipeline/guarded-call.ts";
import { guardedStart, startWaiting } from "../../src/pipeline/guarded-start.ts";
import { startCpuWatch } from "../contracts/cpu-time.ts";

const forever = (): never => {
  for (;;);
};

describe("guardedStart", () => {
  it("gives what each function returned, and rejects with what one threw", async () => {
    const ends = await Promise.allSettled([
      guardedStart(() => 1, 1_000),
      guardedStart(() => {
        throw new RangeError("odd");
      }, 1_000),
      guardedStart(() => Promise.resolve(3), 2_000),
    ]);
    expect(ends[0]).toEqual({ status: "fulfilled", value: { value: 1 } });
    expect(ends[1]).toMatchObject({ status: "rejected", reason: { message: "odd" } });
    const third = ends[2].status === "fulfilled" ? ends[2].value : INTERRUPTED;
    expect(third === INTERRUPTED ? null : await third.value).toBe(3);
  });

  it("interrupts the functions that never return, and calls those before and after them once each", async () => {
    const calls = [0, 0, 0];
    const count = (index: number) => () => {
      calls[index] = (calls[index] ?? 0) + 1;
      return index;
    };
    const ends = await Promise.all([
      guardedStart(count(0), 50),
      guardedStart(forever, 50),
      guardedStart(count(1), 50),
      guardedStart(forever, 50),
      guardedStart(count(2), 50),
    ]);
    expect(ends).toEqual([{ value: 0 }, INTERRUPTED, { value: 1 }, INTERRUPTED, { value: 2 }]);
    expect(calls).toEqual([1, 1, 1]);
  });

  it("gives each of several slow functions the whole time", async () => {
    const busy = () => {
      const end = performance.now() + 150;
      while (performance.now() < end);
      return true;
    };
    const ends = await Promise.all([busy, busy, busy, busy].map((call) => guardedStart(call, 500)));
    expect(ends).toEqual(ends.map(() => ({ value: true })));
  });

  it("lets those that gather wait for others, until it is told or many wait", async () => {
    const called: string[] = [];
    const gather = (name: string) => guardedStart(() => called.push(name), 1_000, 60_000);
    const one = gather("one");
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(called).toEqual([]);
    startWaiting();
    await one;
    expect(called).toEqual(["one"]);
    await Promise.all(Array.from({ length: 128 }, (_, index) => gather(String(index))));
    expect(called).toHaveLength(129);
    const two = gather("two");
    await guardedStart(() => called.push("at once"), 1_000);
    await two;
    expect(called.slice(-2)).toEqual(["two", "at once"]);
  });

  it("costs far less for many quick functions than a guard for each", async () => {
    const many = Array.from({ length: 2_000 }, (_, index) => index);
    await Promise.all(many.map((one) => guardedStart(() => one, 1_000)));
    const alone = startCpuWatch();
    for (const one of many) guardedCall(() => one, 1_000);
    const aloneMs = alone();
    const together = startCpuWatch();
    await Promise.all(many.map((one) => guardedStart(() => one, 1_000)));
    expect(together()).toBeLessThan(aloneMs / 4);
  });
});
