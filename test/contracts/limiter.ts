import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { Clock } from "../../src/core/clock.ts";
import type { ProviderLimits } from "../../src/core/judge.ts";
import type { CallTokens, LaneRules, Limiter, Turn } from "../../src/core/limiter.ts";
import { OwnedTime } from "./owned-time.ts";

/** Where limiters meet: those of two processes, or twice the one of a process. */
export interface LimiterPlace {
  open(rules: LaneRules, clock: Clock): Promise<Limiter>;
  remove(): Promise<void>;
}

const LANE = "openai gpt";
const MINUTE = 60_000;
const PER_MINUTE = { limits: { requests: 600 }, share: 1 };
const CALL: CallTokens = { input: 100, output: 10 };

/** What every {@link Limiter} does, by a clock of the test's own. */
export function limiterContract(name: string, newPlace: () => Promise<LimiterPlace>): void {
  describe(`${name} as a limiter`, () => {
    let place: LimiterPlace;
    let time: OwnedTime;
    beforeEach(async () => {
      time = new OwnedTime();
      place = await newPlace();
    });
    afterEach(() => place.remove());
    const open = (rules: LaneRules) => place.open(rules, time);

    /** Waits for a turn, makes a call of `callMs` and settles it; gives when the call was sent, or null for `later`. */
    const send = async (
      limiter: Limiter,
      more: { need?: CallTokens; used?: CallTokens; callMs?: number; says?: ProviderLimits } = {},
    ): Promise<number> => {
      const { need = CALL, used = need, callMs = 800, says } = more;
      let turn = await limiter.enter(LANE, need, Number.POSITIVE_INFINITY);
      while (turn.state === "wait") {
        await time.until(turn.until);
        turn = await limiter.again(LANE, turn.ticket);
      }
      if (turn.state === "later") throw new Error("There was no end to its patience.");
      const sentAt = time.now();
      await time.until(sentAt + callMs);
      await limiter.settle(LANE, turn.ticket, used, says);
      return sentAt;
    };
    /** So many callers, each sending one call after the other until `end`; gives when the calls were sent, in order. */
    const keepSending = async (limiters: readonly Limiter[], callers: number, end: number) => {
      const sent: number[] = [];
      await time.run(
        Array.from({ length: callers }, (_, index) => async () => {
          const limiter = limiters[index % limiters.length];
          while (limiter !== undefined && time.now() < end) sent.push(await send(limiter));
        }),
      );
      return sent.filter((at) => at < end).sort((a, b) => a - b);
    };
    const busiest = (sent: readonly number[], windowMs: number) =>
      Math.max(...sent.map((start) => sent.filter((at) => at >= start && at < start + windowMs).length));
    const isGo = (turn: Turn) => turn.state === "go";

    it("lets a call through at once where no limit is known", async () => {
      const limiter = await open({});
      const turns = await Promise.all(
        Array.from({ length: 50 }, () => limiter.enter(LANE, CALL, time.now())),
      );
      expect(turns.every(isGo)).toBe(true);
    });

    it("uses the whole limit for minutes on end, and never much more in any minute", async () => {
      const limiter = await open(PER_MINUTE);
      const sent = await keepSending([limiter], 40, 4 * MINUTE);
      expect(sent.length).toBeGreaterThan(4 * 600 * 0.97);
      expect(busiest(sent, MINUTE)).toBeLessThanOrEqual(600 * (1 + 1 / 6) + 1);
      // After the first minute nothing is left of what was saved up.
      const later = sent.filter((at) => at >= MINUTE);
      expect(busiest(later, MINUTE)).toBeLessThanOrEqual(602);
      expect(busiest(later, 1_000)).toBeLessThanOrEqual(12);
    });

    it("is one limit for two workers, and serves both", async () => {
      const [one, two] = [await open(PER_MINUTE), await open(PER_MINUTE)];
      const counts = [0, 0];
      await time.run(
        Array.from({ length: 40 }, (_, index) => async () => {
          const limiter = index % 2 === 0 ? one : two;
          while (time.now() < 2 * MINUTE) {
            await send(limiter);
            counts[index % 2] = (counts[index % 2] ?? 0) + 1;
          }
        }),
      );
      const [first = 0, second = 0] = counts;
      expect(first + second).toBeGreaterThan(2 * 600 * 0.97);
      expect(first + second).toBeLessThanOrEqual(2 * 600 + 101 + 40);
      expect(Math.abs(first - second)).toBeLessThan(0.1 * (first + second));
    });

    it("serves first who came first, also a large call among small ones", async () => {
      const limiter = await open({ limits: { tokens: 6_000 }, share: 1 });
      const order: string[] = [];
      const caller = (word: string, need: CallTokens) => async () => {
        await send(limiter, { need, callMs: 10 });
        order.push(word);
      };
      await time.run([
        caller("saved up", { input: 1_000, output: 0 }),
        caller("small 1", { input: 50, output: 0 }),
        caller("large", { input: 5_000, output: 0 }),
        caller("small 2", { input: 50, output: 0 }),
        caller("small 3", { input: 50, output: 0 }),
      ]);
      expect(order).toEqual(["saved up", "small 1", "large", "small 2", "small 3"]);
      // 6,150 tokens, 1,000 of them saved up, at 100 a second.
      expect(time.now()).toBeCloseTo(51_500, -2);
    });

    it("lets even a call through that needs more than a whole minute has", async () => {
      const limiter = await open({ limits: { tokens: 600 }, share: 1 });
      await time.run([async () => void (await send(limiter, { need: { input: 1_200, output: 0 } }))]);
      expect(time.now()).toBeLessThan(2 * MINUTE + 1_000);
    });

    it("holds everybody back in a pause, lets nobody stampede after it, and makes up for it", async () => {
      const [one, two] = [await open(PER_MINUTE), await open(PER_MINUTE)];
      const pauses = Array.from({ length: 4 }, (_, index) => 30_000 + index * MINUTE);
      const sent: number[] = [];
      await time.run([
        ...pauses.map((at) => async () => {
          await time.until(at);
          await two.pause(LANE, at + 8_000);
          await one.pause(LANE, at + 1_000);
        }),
        ...Array.from({ length: 60 }, (_, index) => async () => {
          while (time.now() < 4 * MINUTE) sent.push(await send(index % 2 === 0 ? one : two));
        }),
      ]);
      for (const at of pauses) {
        expect(sent.filter((time) => time > at && time < at + 8_000)).toEqual([]);
        // Three times the usual pace, not all at once.
        expect(sent.filter((time) => time >= at + 8_000 && time < at + 9_000).length).toBeLessThanOrEqual(32);
      }
      expect(sent.filter((at) => at < 4 * MINUTE).length).toBeGreaterThan(4 * 600 * 0.97);
    });

    it("saves up no more than ten seconds while nobody asks", async () => {
      const limiter = await open(PER_MINUTE);
      await time.run([async () => void (await send(limiter)), () => time.until(20 * MINUTE)]);
      const sent: number[] = [];
      await time.run(
        Array.from({ length: 300 }, () => async () => void sent.push((await send(limiter)) - 20 * MINUTE)),
      );
      // 100 are saved up, the other 200 take 20 seconds.
      expect(Math.max(...sent)).toBeGreaterThan(19_500);
      expect(Math.max(...sent)).toBeLessThan(20_500);
    });

    it("gives back what a call did not take, and takes what it took besides", async () => {
      const limiter = await open({ limits: { tokens: 6_000 }, share: 1 });
      const need = { input: 1_000, output: 0 };
      const turn = await limiter.enter(LANE, need, 0);
      if (turn.state !== "go") throw new Error("1,000 are saved up.");
      await limiter.settle(LANE, turn.ticket, { input: 300, output: 100 });
      const fits = await limiter.enter(LANE, { input: 600, output: 0 }, time.now());
      expect(fits.state).toBe("go");
      if (fits.state === "go") await limiter.settle(LANE, fits.ticket, { input: 1_000, output: 600 });
      // 1,000 are owed, and 100 more are wanted: 11 seconds.
      const owed = await limiter.enter(LANE, { input: 100, output: 0 }, MINUTE);
      expect(owed).toMatchObject({ state: "wait", until: time.now() + 11_000 });
      if (owed.state === "wait") await limiter.settle(LANE, owed.ticket, null);
      expect(await limiter.enter(LANE, { input: 100, output: 0 }, MINUTE)).toMatchObject({
        until: time.now() + 11_000,
      });
    });

    it("learns limits from what the provider says, keeps the lower of it and ours, and follows a change", async () => {
      const limiter = await open({ ...PER_MINUTE, limits: { requests: 6_000 } });
      const learn = (limit: number) => send(limiter, { says: { requests: { limit } }, callMs: 0 });
      await time.run([() => learn(60).then(() => {})]);
      const pace = async () => {
        const start = time.now();
        const sent: number[] = [];
        await time.run(
          Array.from({ length: 30 }, () => async () => void sent.push(await send(limiter, { callMs: 0 }))),
        );
        return Math.max(...sent) - start;
      };
      await pace();
      expect(await pace()).toBeGreaterThan(25_000);
      await time.run([() => learn(60_000).then(() => {})]);
      expect(await pace()).toBeLessThan(5_000);
    });

    it("counts input and output by themselves where the provider does", async () => {
      const limiter = await open({ share: 1 });
      const says = { inputTokens: { limit: 60_000 }, outputTokens: { limit: 6_000 } };
      await time.run([async () => void (await send(limiter, { says }))]);
      const isFree = await limiter.enter(LANE, { input: 2_000, output: 0 }, time.now() + 2_000);
      expect(isFree.state).not.toBe("later");
      const isFull = await limiter.enter(LANE, { input: 0, output: 2_000 }, time.now() + 2_000);
      expect(isFull.state).toBe("later");
    });

    it("believes a provider that has less left, because others use the same key", async () => {
      const limiter = await open(PER_MINUTE);
      const says = { requests: { limit: 600, remaining: 0 } };
      await time.run([async () => void (await send(limiter, { callMs: 0, says }))]);
      expect(await limiter.enter(LANE, CALL, time.now() + 50)).toMatchObject({ state: "later" });
    });

    it("keeps no place for those who cannot wait, and tells them to come back one after the other", async () => {
      const limiter = await open({ limits: { requests: 60 }, share: 1 });
      await time.run([() => limiter.pause(LANE, time.now() + 5_000)]);
      const told: number[] = [];
      for (let index = 0; index < 30; index += 1) {
        const turn = await limiter.enter(LANE, CALL, time.now() + 1_000);
        if (turn.state === "later") told.push(turn.until - time.now());
      }
      expect(told).toHaveLength(30);
      expect(told[0]).toBe(5_000);
      expect(told[29]).toBe(34_000);
      const turn = await limiter.enter(LANE, CALL, time.now() + 5_000);
      expect(turn).toMatchObject({ state: "wait", until: time.now() + 5_000 });
    });

    it("keeps lanes apart", async () => {
      const limiter = await open({ limits: { requests: 6 }, share: 1 });
      await limiter.pause(LANE, MINUTE);
      expect((await limiter.enter("another", CALL, 0)).state).toBe("go");
    });

    it("leaves a share of the limit to others", async () => {
      const limiter = await open({ limits: { requests: 600 }, share: 0.5 });
      const sent = await keepSending([limiter], 40, 2 * MINUTE);
      expect(sent.filter((at) => at >= MINUTE).length).toBeLessThanOrEqual(301);
      expect(sent.filter((at) => at >= MINUTE).length).toBeGreaterThan(290);
    });
  });
}
