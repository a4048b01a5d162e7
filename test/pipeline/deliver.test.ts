import { afterEach, describe, expect, it } from "vitest";
import { otlp } from "../../src/backends/index.ts";
import { TracegateError } from "../../src/core/errors.ts";
import {
  type DeliveryEvent,
  type DeliveryLoop,
  type DeliveryOptions,
  startDelivery,
} from "../../src/pipeline/deliver.ts";
import { startCollector } from "../../src/testing/collector.ts";
import { FakeOutbox, FakeSink, until } from "./outbox-fake.ts";

let loop: DeliveryLoop | undefined;

afterEach(async () => {
  await loop?.stop(0);
  loop = undefined;
});

const unavailable = (more = {}) => new TracegateError("unavailable", "down", { retryable: true, ...more });

/** A delivery over a fake outbox, with one sink `a` unless others are given. */
function start(options: Partial<DeliveryOptions> & { readonly sinks?: readonly FakeSink[] } = {}) {
  const outbox = new FakeOutbox();
  const events: DeliveryEvent[] = [];
  const clock = { time: 1_000_000, now: () => clock.time };
  const sinks = options.sinks ?? [new FakeSink("a")];
  const begin = () => {
    const onEvent = (event: DeliveryEvent) => void events.push(event);
    loop = startDelivery({ store: outbox.store, clock, onEvent, random: () => 1, ...options, sinks });
    return loop;
  };
  return { outbox, events, clock, sink: sinks[0] ?? new FakeSink("none"), begin };
}

describe("delivering", () => {
  it("writes every due row to its sink once, a trace at a time, and acknowledges it", async () => {
    const sinks = [new FakeSink("a"), new FakeSink("b")];
    const { outbox, events, begin } = start({ sinks });
    for (let number = 1; number <= 700; number += 1) outbox.save(number, ["a", "b"]);
    await begin().drain();
    for (const sink of sinks) {
      expect(sink.written.length).toBe(700);
      expect(new Set(sink.written).size).toBe(700);
      expect(sink.mostUnderWay).toBeLessThanOrEqual(4);
    }
    expect(new Set(outbox.states())).toEqual(new Set(["delivered"]));
    expect(events.length).toBe(1_400);
  });

  it("delivers what is saved later when it is woken", async () => {
    const { outbox, sink, begin } = start();
    const delivery = begin();
    await delivery.drain();
    outbox.save(1, ["a"]);
    delivery.wake();
    await until(() => outbox.states()[0] === "delivered");
    expect(sink.written).toEqual(["1-1"]);
  });

  it("looks by itself from time to time, for rows of other processes", async () => {
    const { outbox, begin } = start({ sweepMs: 10 });
    await begin().drain();
    outbox.save(1, ["a"]);
    await until(() => outbox.states()[0] === "delivered");
  });

  it("does not spin while there is nothing to do or a sink is slow", async () => {
    const { outbox, sink, begin } = start();
    const held = Promise.withResolvers<void>();
    sink.behave = () => held.promise;
    for (let number = 1; number <= 100; number += 1) outbox.save(number, ["a"]);
    begin();
    await until(() => sink.underWay === 4);
    const looks = outbox.looks;
    for (let turn = 0; turn < 1_000; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(outbox.looks).toBe(looks);
    expect(sink.mostUnderWay).toBe(4);
    held.resolve();
  });

  it("is not held up at one sink by another that hangs", async () => {
    const [slow, quick] = [new FakeSink("slow"), new FakeSink("quick")];
    const { outbox, begin } = start({ sinks: [slow, quick] });
    slow.behave = (_, signal) => new Promise((_resolve, reject) => signal.addEventListener("abort", reject));
    for (let number = 1; number <= 500; number += 1) outbox.save(number, ["slow"]);
    for (let number = 1; number <= 50; number += 1) outbox.save(number, ["quick"]);
    begin();
    await until(() => quick.written.length === 50);
    expect(slow.underWay).toBe(4);
  });

  it("takes a revision that a newer one has replaced for delivered, and sends the newer once", async () => {
    const { outbox, events, sink, begin } = start();
    outbox.save(1, ["a"], 1);
    outbox.save(1, ["a"], 2);
    await begin().drain();
    expect(sink.written).toEqual(["1-2"]);
    expect(events.map((event) => event.kind)).toEqual(["superseded", "delivered"]);
  });

  it("never has two revisions of a trace under way to one sink", async () => {
    const { outbox, sink, begin } = start();
    const held = Promise.withResolvers<void>();
    sink.behave = () => (sink.written.length === 0 ? held.promise : Promise.resolve());
    outbox.save(1, ["a"], 1);
    const delivery = begin();
    await until(() => sink.underWay === 1);
    outbox.save(1, ["a"], 2);
    outbox.save(2, ["a"]);
    delivery.wake();
    await until(() => sink.underWay === 2);
    expect(sink.mostUnderWay).toBe(2);
    held.resolve();
    await delivery.drain();
    expect(sink.written.indexOf("1-1")).toBeLessThan(sink.written.indexOf("1-2"));
  });
});

describe("failures", () => {
  it("waits longer after each one, with jitter, at most five minutes", async () => {
    const { outbox, events, clock, sink, begin } = start();
    sink.behave = () => Promise.reject(unavailable());
    outbox.save(1, ["a"]);
    const delivery = begin();
    const waits: number[] = [];
    for (let round = 1; round <= 11; round += 1) {
      await until(() => events.length === round);
      const event = events[round - 1];
      if (event?.kind !== "retry") throw new Error(`not a retry: ${event?.kind}`);
      waits.push(event.retryAt - clock.time);
      await delivery.drain();
      clock.time = event.retryAt;
      delivery.wake();
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300].map((seconds) => seconds * 1_000));
  });

  it("tries again by itself when the time has come", async () => {
    const { outbox, sink, begin } = start({
      clock: { now: () => Date.now() },
      backoff: { baseMs: 20, maxMs: 40 },
      sweepMs: 600_000,
    });
    let failures = 2;
    sink.behave = async () => {
      failures -= 1;
      if (failures >= 0) throw unavailable();
    };
    outbox.save(1, ["a"]);
    begin();
    await until(() => outbox.states()[0] === "delivered");
    expect(outbox.rows[0]?.attempts).toBe(2);
  });

  it("are not tried before the time the sink names", async () => {
    const { outbox, clock, events, sink, begin } = start();
    sink.behave = () => Promise.reject(unavailable({ retryAt: clock.time + 90_000 }));
    outbox.save(1, ["a"]);
    await begin().drain();
    expect(events).toMatchObject([{ kind: "retry", retryAt: clock.time + 90_000, reason: "down" }]);
  });

  it("that are permanent are recorded with their reason and do not stop the rest", async () => {
    const { outbox, events, sink, begin } = start();
    sink.behave = async (trace) => {
      if (Number.parseInt(trace.summary.traceId, 16) === 2)
        throw new TracegateError("refused", "quota used up");
    };
    for (const number of [1, 2, 3]) outbox.save(number, ["a"]);
    await begin().drain();
    expect(outbox.states()).toEqual(["delivered", "failed", "delivered"]);
    expect(outbox.rows[1]?.reason).toBe("quota used up");
    expect(events.filter((event) => event.kind === "failed").length).toBe(1);
  });

  it("of a kind the sink does not classify are tried again, but not without end", async () => {
    const { outbox, clock, sink, begin } = start();
    sink.behave = () => Promise.reject(new TypeError("bug"));
    outbox.save(1, ["a"]);
    const delivery = begin();
    for (let round = 0; round < 12; round += 1) {
      await delivery.drain();
      clock.time += 300_000;
    }
    expect(outbox.rows[0]).toMatchObject({ state: "failed", attempts: 8, reason: "bug" });
  });

  it("of a trace that is gone from the store are final", async () => {
    const { outbox, begin } = start();
    outbox.save(1, ["a"]);
    outbox.traces.clear();
    await begin().drain();
    expect(outbox.rows[0]).toMatchObject({
      state: "failed",
      reason: expect.stringMatching(/no longer in the store/),
    });
  });

  it("for a sink that is not configured wait for it, and hold up nobody", async () => {
    const { outbox, sink, begin } = start();
    outbox.save(1, ["removed", "a"]);
    await begin().drain();
    expect(outbox.states()).toEqual(["waiting", "delivered"]);
    expect(outbox.rows[0]?.reason).toMatch(/No sink named "removed"/);
    expect(sink.written).toEqual(["1-1"]);
  });

  it("of the store itself pause the loop and lose nothing", async () => {
    const { outbox, events, sink, begin } = start({ backoff: { baseMs: 5, maxMs: 10 } });
    sink.behave = async () => {
      if (events.length === 0) outbox.fault = new Error("disk full");
    };
    for (const number of [1, 2, 3, 4, 5, 6]) outbox.save(number, ["a"]);
    const delivery = begin();
    await until(() => events.some((event) => event.kind === "fault"));
    outbox.fault = null;
    await delivery.drain();
    expect(new Set(outbox.states())).toEqual(new Set(["delivered"]));
    expect(new Set(sink.written).size).toBe(6);
  });
});

describe("leases", () => {
  it("share the rows between two loops", async () => {
    const { outbox, sink, begin } = start();
    for (let number = 1; number <= 200; number += 1) outbox.save(number, ["a"]);
    const other = startDelivery({ store: outbox.store, sinks: [sink], clock: { now: () => 1_000_000 } });
    await Promise.all([begin().drain(), other.drain()]);
    await other.stop(0);
    expect(new Set(sink.written).size).toBe(200);
    expect(sink.written).toHaveLength(200);
  });

  it("keep what was sent from being sent again while the store cannot be told", async () => {
    const { outbox, events, sink, begin } = start({ backoff: { baseMs: 5, maxMs: 10 } });
    sink.behave = async () => {
      outbox.fault = new Error("server is restarting");
    };
    outbox.save(1, ["a"]);
    const delivery = begin();
    await until(() => events.filter((event) => event.kind === "fault").length >= 2);
    outbox.fault = null;
    await delivery.drain();
    expect(outbox.states()).toEqual(["delivered"]);
    expect(sink.written).toEqual(["1-1"]);
  });

  it("end a write that takes longer than they do, as a failure that may pass", async () => {
    const { outbox, events, sink, begin } = start({ leaseMs: 20 });
    sink.behave = (_, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    outbox.save(1, ["a"]);
    begin();
    await until(() => events.length === 1);
    expect(events).toMatchObject([{ kind: "retry", reason: "a took longer than 20 ms." }]);
  });

  it("are left to end when a row had to wait too long for its turn", async () => {
    const { outbox, clock, sink, begin } = start({ leaseMs: 1_000, concurrency: 1 });
    const held = Promise.withResolvers<void>();
    sink.behave = () => held.promise;
    outbox.save(1, ["a"]);
    outbox.save(2, ["a"]);
    const delivery = begin();
    await until(() => sink.underWay === 1);
    clock.time += 900;
    held.resolve();
    await delivery.drain();
    expect(sink.written).toEqual(["1-1"]);
    clock.time += 200;
    await delivery.drain();
    expect(sink.written).toEqual(["1-1", "2-1"]);
  });

  it("are given back at the end, so that the next process need not wait for them", async () => {
    const { outbox, sink, begin } = start();
    const held = Promise.withResolvers<void>();
    sink.behave = () => held.promise;
    for (let number = 1; number <= 10; number += 1) outbox.save(number, ["a"]);
    const delivery = begin();
    await until(() => sink.underWay === 4);
    const stopped = delivery.stop(60_000);
    held.resolve();
    await stopped;
    expect(outbox.rows.filter((row) => row.leaseUntil !== null)).toEqual([]);
  });
});

describe("stopping", () => {
  it("finishes what is under way and leaves the rest in the outbox", async () => {
    const { outbox, sink, begin } = start();
    const held = Promise.withResolvers<void>();
    sink.behave = () => held.promise;
    for (let number = 1; number <= 10; number += 1) outbox.save(number, ["a"]);
    const delivery = begin();
    await until(() => sink.underWay === 4);
    const stopped = delivery.stop(60_000);
    held.resolve();
    await stopped;
    expect(outbox.states().filter((state) => state === "delivered").length).toBe(4);
    expect(outbox.states().filter((state) => state === "waiting").length).toBe(6);
  });

  it("aborts what outlasts the grace, and does not count it as a failure", async () => {
    const { outbox, events, sink, begin } = start();
    sink.behave = (_, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    outbox.save(1, ["a"]);
    const delivery = begin();
    await until(() => sink.underWay === 1);
    await delivery.stop(10);
    expect(sink.underWay).toBe(0);
    expect(outbox.rows[0]).toMatchObject({ state: "waiting", attempts: 0 });
    expect(events).toEqual([]);
  });

  it("ends those who wait for the end", async () => {
    const { outbox, sink, begin } = start();
    sink.behave = (_, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    outbox.save(1, ["a"]);
    const delivery = begin();
    const drained = delivery.drain();
    await delivery.stop(0);
    await drained;
  });
});

it("delivers to a real OTLP backend that fails now and then: every score arrives, none is new twice", async () => {
  const collector = await startCollector();
  const outbox = new FakeOutbox();
  collector.failNext(3, { status: 503 });
  collector.failNext(2, { status: 429 });
  for (let number = 1; number <= 60; number += 1) outbox.save(number, ["otlp"]);
  const sink = otlp({ endpoint: collector.url });
  loop = startDelivery({
    store: outbox.store,
    sinks: [sink],
    clock: { now: () => Date.now() },
    backoff: { baseMs: 10, maxMs: 50 },
  });
  await collector.waitFor(() => collector.counts().scoredTraces === 60);
  await loop.stop(1_000);
  await sink.close();
  expect(collector.counts()).toMatchObject({
    requests: 65,
    distinctScores: 120,
    scores: 120,
    redeliveries: 0,
  });
  expect(new Set(outbox.states())).toEqual(new Set(["delivered"]));
  await collector.close();
});
