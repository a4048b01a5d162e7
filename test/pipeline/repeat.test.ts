import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { pause, type Repeating, repeat } from "../../src/pipeline/repeat.ts";

const HOUR_MS = 3_600_000;

describe("a round that is repeated", () => {
  let repeating: Repeating | undefined;
  let faults: unknown[];
  const onFault = (error: unknown) => faults.push(error);
  beforeEach(() => {
    faults = [];
  });
  afterEach(async () => repeating?.stop());

  it("begins at once and comes again after the pause, never twice at the same time", async () => {
    let underWay = 0;
    let most = 0;
    const third = Promise.withResolvers<void>();
    let rounds = 0;
    const round = async () => {
      most = Math.max(most, ++underWay);
      await new Promise(setImmediate);
      underWay -= 1;
      if (++rounds === 3) third.resolve();
    };
    repeating = repeat(round, { everyMs: 1, onFault });
    expect(underWay).toBe(1);
    await third.promise;
    expect(most).toBe(1);
    expect(faults).toEqual([]);
  });

  it("tells its fault, and comes again", async () => {
    const second = Promise.withResolvers<void>();
    let rounds = 0;
    const round = async () => {
      if (++rounds === 1) throw new Error("away");
      second.resolve();
    };
    repeating = repeat(round, { everyMs: 1, onFault });
    await second.promise;
    expect(faults).toEqual([new Error("away")]);
  });

  it("is not begun again when a stop ends the pause, which it does at once", async () => {
    let rounds = 0;
    const begun = Promise.withResolvers<void>();
    const round = async () => {
      rounds += 1;
      begun.resolve();
    };
    repeating = repeat(round, { everyMs: HOUR_MS, onFault });
    await begun.promise;
    await new Promise(setImmediate);
    await repeating.stop();
    expect(rounds).toBe(1);
  });

  it("is waited for by a stop, and what that broke off is no fault", async () => {
    const order: string[] = [];
    const round = async (signal: AbortSignal) => {
      await once(signal, "abort");
      await new Promise(setImmediate);
      order.push("round ended");
      throw new Error("broken off");
    };
    repeating = repeat(round, { everyMs: HOUR_MS, onFault });
    await repeating.stop();
    order.push("stopped");
    expect(order).toEqual(["round ended", "stopped"]);
    expect(faults).toEqual([]);
  });

  it("may be stopped more than once", async () => {
    repeating = repeat(async () => {}, { everyMs: HOUR_MS, onFault });
    await Promise.all([repeating.stop(), repeating.stop()]);
    await repeating.stop();
    expect(faults).toEqual([]);
  });
});

describe("a pause", () => {
  it("ends by itself, and at once when its signal has fired before", async () => {
    await pause(1, new AbortController().signal);
    await pause(HOUR_MS, AbortSignal.abort());
  });
});
