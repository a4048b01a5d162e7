import { setTimeout as delay } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";

import { startPostgres } from "../../scripts/bench/postgres.ts";
import { type OwnRedis, startRedis } from "../../scripts/bench/redis.ts";
import { Outages } from "../../src/app/outages.ts";
import { receive } from "../../src/app/receive.ts";
import { detailsOf, type TellFault } from "../../src/app/site-events.ts";
import { work } from "../../src/app/work.ts";
import { configSchema } from "../../src/config/schema.ts";
import { systemClock } from "../../src/core/clock.ts";
import { messageOf } from "../../src/core/errors.ts";
import { openBullmqQueue } from "../../src/redis/bullmq-queue.ts";
import { toolErrors } from "../../src/scorers/tool-errors.ts";
import { idOf, run } from "../cli/agent-traces.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function redis(): Promise<OwnRedis> {
  const server = await startRedis();
  closers.push(() => server.close());
  return server;
}

/** The lines about services; a Redis of tests keeps nothing, and says so. */
function log(): { readonly lines: string[]; readonly tell: TellFault } {
  const lines: string[] = [];
  const tell: TellFault = (message) => {
    if (!message.includes("appendonly")) lines.push(message);
  };
  return { lines, tell };
}

const patience = { timeout: 15_000 };

/** A receiver and a worker on a Redis and a PostgreSQL of their own. */
async function scaledOut() {
  const cache = await redis();
  const postgres = await startPostgres();
  closers.push(() => postgres.close());
  const folder = temporaryFolder();
  closers.push(async () => folder.remove());
  const parsed = configSchema.parse({ scorers: [toolErrors()], receiver: { port: 0, grpcPort: false } });
  const environment = {
    REDIS_URL: cache.url.replace("//", "//default:hush-redis@"),
    DATABASE_URL: postgres.url.replace("//tracegate@", "//tracegate:hush-postgres@"),
  };
  const [taking, scoring] = [log(), log()];
  const scored: string[] = [];
  const site = { config: parsed, cwd: folder.path, environment };
  const worker = await work({
    ...site,
    onFault: scoring.tell,
    onScored: ({ trace }) => scored.push(trace.traceId),
  });
  closers.push(() => worker.stop(1_000));
  const receiver = await receive({ ...site, onFault: taking.tell });
  closers.push(() => receiver.stop(1_000));
  const send = (number: number) =>
    fetch(`${receiver.url}/v1/traces`, {
      method: "POST",
      headers: { "Content-Type": "application/x-protobuf", Accept: "application/json" },
      body: new Uint8Array(run({ traceId: idOf(number) })),
    });
  return { cache, postgres, send, scored, taking: taking.lines, scoring: scoring.lines };
}

describe("while a service is away", { timeout: 60_000 }, () => {
  it("a receiver and a worker say so once, and once that it is back; senders get 503 in our words", async () => {
    const { cache, send, taking, scoring } = await scaledOut();
    const where = new URL(cache.url).host;
    await cache.stop("SIGTERM");
    const refused = await send(1);
    expect(refused.status).toBe(503);
    expect(refused.headers.get("retry-after")).toBe("5");
    const text = await refused.text();
    expect(text).toContain(`Redis at ${where}, where tracegate keeps what it is sent, does not answer`);
    expect(text).toContain("Send it again in 5 s");
    expect(text).not.toMatch(/maxRetries|hush/);
    await expect.poll(() => [taking.length, scoring.length], patience).toEqual([1, 1]);
    // It waits for connections that are tried again meanwhile, and fails.
    expect((await send(1)).status).toBe(503);
    expect([taking.length, scoring.length]).toEqual([1, 1]);
    await cache.start();
    await expect.poll(() => [taking.length, scoring.length], patience).toEqual([2, 2]);
    expect(taking[0]).toContain(`Redis at ${where} does not answer: `);
    expect(taking[0]).toContain("; spans are refused with 503 until it is back, and their senders send them");
    expect(taking[1]).toMatch(/^Redis at \S+ is back; it was away for \d+ s \(\d+ faults because of that\)$/);
    expect(scoring[0]).toMatch(/^Redis at \S+ does not answer: [^;]+; traces are scored when it is back$/);
    expect(scoring[1]).toContain("is back; it was away for");
    expect((await send(2)).status).toBe(200);
  });

  it("they do the same for PostgreSQL, and spans are taken meanwhile", async () => {
    const { postgres, send, scored, taking, scoring } = await scaledOut();
    await postgres.stop("fast");
    expect((await send(1)).status).toBe(200);
    await expect.poll(() => [taking.length, scoring.length], patience).toEqual([1, 1]);
    await postgres.start();
    await expect.poll(() => [taking.length, scoring.length], patience).toEqual([2, 2]);
    const where = new URL(postgres.url).host;
    expect(taking[0]).toContain(`PostgreSQL at ${where}/postgres does not answer: `);
    expect(taking[0]).toContain("spans are still taken; feedback is refused with 503 until it is back");
    expect(scoring[0]).toContain("traces are scored when it is back");
    expect(scoring[1]).toMatch(/^PostgreSQL at \S+ is back; it was away for \d+ s/);
    await expect.poll(() => scored, { timeout: 20_000 }).toEqual([idOf(1)]);
    expect([...taking, ...scoring].join("\n")).not.toContain("hush");
  });
});

describe("Outages", () => {
  /** What a queue tells of its Redis, and a clock of their own for reminders. */
  async function watched(remindMs: number) {
    const server = await redis();
    const { lines, tell } = log();
    const consequences = { Redis: "traces wait", PostgreSQL: "" };
    const outages = new Outages({ tell, consequences, clock: systemClock, remindMs, lookMs: 100 });
    closers.push(() => outages.stop());
    const queue = await openBullmqQueue({
      url: server.url,
      onFault: (error) => outages.fault(messageOf(error), detailsOf("queue", error)),
    });
    closers.push(() => queue.close());
    outages.watch({ Redis: () => queue.counts() });
    return { server, outages, queue, lines };
  }

  it("remind of a service that stays away, no more often than they are to", async () => {
    const { server, lines } = await watched(1_000);
    await server.stop("SIGTERM");
    await expect.poll(() => lines.length, { ...patience, interval: 20 }).toBe(3);
    expect(lines[0]).toMatch(/^Redis at \S+ does not answer: [^;]+; traces wait$/);
    expect(lines[1]).toMatch(
      /still does not answer, for 1 s now \(\d+ faults because of that\); traces wait$/,
    );
    expect(lines[2]).toMatch(/still does not answer, for [23] s now/);
  });

  it("say what failed, and nothing of an absence, where one connection broke and the service is there", async () => {
    const { server, outages, queue, lines } = await watched(1_000);
    await server.stop("SIGTERM");
    const thrown = await queue.counts().catch((error: unknown) => error);
    await server.start();
    await expect.poll(() => queue.counts().catch(() => null), patience).not.toBeNull();
    await expect.poll(() => lines.at(-1), patience).toContain("is back");
    lines.length = 0;
    outages.fault("one broken connection", detailsOf("queue", thrown));
    await expect.poll(() => lines, patience).toEqual(["one broken connection"]);
  });

  it("let other faults pass while a service is away", async () => {
    const { server, outages, lines } = await watched(60_000);
    await server.stop("SIGTERM");
    await expect.poll(() => lines.length, patience).toBe(1);
    outages.fault("langfuse: not delivered", { part: "delivery", code: "unavailable" });
    outages.fault("a scorer threw", { part: "worker", code: "scorer" });
    expect(lines.slice(1)).toEqual(["langfuse: not delivered", "a scorer threw"]);
  });

  /** A service that answers all questions, 20 ms later, and lets down what is done there all the same. */
  function halfThere() {
    const { lines, tell } = log();
    const consequences = { Redis: "traces wait", PostgreSQL: "" };
    const outages = new Outages({ tell, consequences, clock: systemClock, remindMs: 400, lookMs: 50 });
    closers.push(() => outages.stop());
    const away = { service: "Redis", address: "cluster:6379", reason: "its master is away" } as const;
    const fault = () => outages.fault("a write failed", { part: "queue", code: "unavailable", away });
    let answers = 0;
    outages.watch({
      Redis: async () => {
        await delay(20);
        answers += 1;
      },
    });
    return { outages, lines, fault, answered: () => answers };
  }

  it("tell of a service that answers and goes on failing: the first fault, then an absence", async () => {
    const { lines, fault } = halfThere();
    const failing = setInterval(fault, 5);
    closers.push(async () => clearInterval(failing));
    await expect.poll(() => lines.length, patience).toBeGreaterThan(2);
    clearInterval(failing);
    await expect.poll(() => lines.at(-1), patience).toContain("is back; it was away for");
    expect(lines.slice(0, 2)).toEqual([
      "a write failed",
      "Redis at cluster:6379 does not answer: its master is away; traces wait",
    ]);
    expect(lines[2]).toMatch(/^Redis at cluster:6379 still does not answer, for \d+ s now/);
  });

  it("tell of connections that broke together once, and of no absence", async () => {
    const { answered, lines, fault } = halfThere();
    for (let count = 0; count < 5; count += 1) fault();
    setTimeout(fault, 5);
    await expect.poll(answered, { ...patience, interval: 5 }).toBe(2);
    expect(lines).toEqual(["a write failed"]);
    fault();
    await expect.poll(() => lines, patience).toEqual(["a write failed", "a write failed"]);
  });

  it("tell of a fault that came right before the end", async () => {
    const { outages, lines, fault } = halfThere();
    fault();
    await outages.stop();
    expect(lines).toEqual(["a write failed"]);
  });
});
