import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { TracegateError } from "../../src/core/errors.ts";
import type { Consumer, Job, JobHandler, Queue } from "../../src/core/queue.ts";
import type { QueuePlace } from "../e2e/kill/queue-place.ts";
import { openQueue } from "../e2e/kill/queue-place.ts";

const HOLD_JOB = fileURLToPath(new URL("../e2e/kill/hold-job.ts", import.meta.url));

function jobOf(number: number, revision = 1): Job {
  return { v: 1, traceId: number.toString(16).padStart(32, "0"), revision, from: "buffer" };
}

const away = () => new TracegateError("unavailable", "The judge is away.", { retryable: true });

/** What every {@link Queue} does. `newPlace` gives an empty one with short waits. */
export function queueContract(
  name: string,
  newPlace: () => Promise<{ readonly place: QueuePlace; remove(): Promise<void> }>,
): void {
  describe(`${name} as a queue`, () => {
    let place: QueuePlace;
    let remove: () => Promise<void>;
    let queue: Queue;
    let closers: (() => Promise<void>)[];
    const open = async () => {
      const opened = await openQueue(place);
      closers.push(opened.close);
      return opened.queue;
    };
    beforeEach(async () => {
      closers = [];
      ({ place, remove } = await newPlace());
      queue = await open();
    });
    afterEach(async () => {
      for (const close of closers) await close();
      await remove();
    });

    const until = (condition: () => void | Promise<void>) =>
      vi.waitFor(condition, { timeout: 10_000, interval: 10 });
    const idle = { waiting: 0, active: 0, delayed: 0, dead: 0 };

    it("hands each job out once, oldest first, with everything that was in it", async () => {
      const jobs: Job[] = [
        ...Array.from({ length: 20 }, (_, index) => jobOf(index + 1)),
        { v: 1, traceId: "f".repeat(32), revision: 2, from: "inline", otlp: "AAEC" },
      ];
      await queue.enqueue(jobs);
      const seen: Job[] = [];
      await queue.consume(async (job) => void seen.push(job), { concurrency: 1 });
      await until(() => expect(seen).toHaveLength(21));
      expect(seen).toEqual(jobs);
      await until(async () => expect(await queue.counts()).toEqual(idle));
    });

    it("hands out urgent jobs before those that wait already, and the others oldest first", async () => {
      await queue.enqueue([jobOf(1), jobOf(2)]);
      await queue.enqueue([jobOf(3)], { urgent: true });
      await queue.enqueue([jobOf(4)]);
      const seen: Job[] = [];
      await queue.consume(async (job) => void seen.push(job), { concurrency: 1 });
      await until(() => expect(seen).toHaveLength(4));
      expect(seen).toEqual([jobOf(3), jobOf(1), jobOf(2), jobOf(4)]);
    });

    it("says since when the oldest job waits, urgent or not", async () => {
      expect(await queue.oldest()).toBe(null);
      const before = Date.now();
      await queue.enqueue([jobOf(1)]);
      const between = Date.now();
      await until(() => expect(Date.now()).toBeGreaterThan(between));
      await queue.enqueue([jobOf(2)], { urgent: true });
      const oldest = await queue.oldest();
      expect(oldest).toBeGreaterThanOrEqual(before);
      expect(oldest).toBeLessThanOrEqual(between);
      const running = await queue.consume(async () => {}, { concurrency: 1 });
      await until(async () => expect(await queue.oldest()).toBe(null));
      await running.stop(1_000);
    });

    it("wakes a waiting consumer at once", async () => {
      const { promise, resolve } = Promise.withResolvers<number>();
      await queue.consume(async () => resolve(performance.now()), { concurrency: 1 });
      const before = performance.now();
      await queue.enqueue([jobOf(1)]);
      expect((await promise) - before).toBeLessThan(500);
    });

    it("works on as many jobs at once as asked, and no more", async () => {
      await queue.enqueue(Array.from({ length: 10 }, (_, index) => jobOf(index + 1)));
      const releases: (() => void)[] = [];
      let most = 0;
      let active = 0;
      const handler: JobHandler = async () => {
        active += 1;
        most = Math.max(most, active);
        await new Promise<void>((resolve) => releases.push(resolve));
        active -= 1;
      };
      await queue.consume(handler, { concurrency: 3 });
      await until(() => expect(active).toBe(3));
      for (let done = 0; done < 10; done += 1) {
        await until(() => expect(releases.length).toBeGreaterThan(0));
        releases.shift()?.();
      }
      await until(async () => expect(await queue.counts()).toEqual(idle));
      expect(most).toBe(3);
    });

    it("keeps a job that is known and not finished as it is", async () => {
      await queue.enqueue([jobOf(1), jobOf(1), jobOf(1, 2)]);
      await queue.enqueue([jobOf(1)]);
      expect(await queue.counts()).toEqual({ ...idle, waiting: 2 });
      const seen: Job[] = [];
      const { promise, resolve } = Promise.withResolvers<void>();
      await queue.consume(
        async (job) => {
          seen.push(job);
          await promise;
        },
        { concurrency: 4 },
      );
      await until(() => expect(seen).toHaveLength(2));
      await queue.enqueue([jobOf(1)]);
      resolve();
      await until(async () => expect(await queue.counts()).toEqual(idle));
      expect(seen).toHaveLength(2);
    });

    it("runs a finished job again when it is enqueued again", async () => {
      const seen: Job[] = [];
      await queue.consume(async (job) => void seen.push(job), { concurrency: 1 });
      for (const times of [1, 2]) {
        await queue.enqueue([jobOf(1)]);
        await until(() => expect(seen).toHaveLength(times));
        await until(async () => expect(await queue.counts()).toEqual(idle));
      }
    });

    it("tries a job again after a retryable failure, with the number of the try", async () => {
      const numbers: number[] = [];
      await queue.consume(
        async (_job, { number }) => {
          numbers.push(number);
          if (number < 3) throw away();
        },
        { concurrency: 1 },
      );
      await queue.enqueue([jobOf(1)]);
      await until(() => expect(numbers).toEqual([1, 2, 3]));
      await until(async () => expect(await queue.counts()).toEqual(idle));
    });

    it("waits until the time an error names", async () => {
      const times: number[] = [];
      const retryAt = Date.now() + 600;
      await queue.consume(
        async (_job, { number }) => {
          times.push(Date.now());
          if (number === 1) throw new TracegateError("unavailable", "later", { retryable: true, retryAt });
        },
        { concurrency: 1 },
      );
      await queue.enqueue([jobOf(1)]);
      await until(() => expect(times).toHaveLength(2));
      expect(times[1]).toBeGreaterThanOrEqual(retryAt - 5);
    });

    it("lays a job down as dead after the last try, with the reason", async () => {
      const dead: [Job, Error, number][] = [];
      const onDead = (...told: [Job, Error, number]) => void dead.push(told);
      let tries = 0;
      const handler = async () => {
        tries += 1;
        throw away();
      };
      await queue.consume(handler, { concurrency: 1, onDead });
      await queue.enqueue([jobOf(1)]);
      await until(() => expect(dead).toHaveLength(1));
      expect(tries).toBe(place.maxAttempts);
      expect(dead[0]?.[1].message).toBe("The judge is away.");
      expect(dead[0]?.[2]).toBe(place.maxAttempts);
      const listed = await queue.dead(10);
      expect(listed).toMatchObject([{ job: jobOf(1), reason: "The judge is away." }]);
      expect(await queue.counts()).toEqual({ ...idle, dead: 1 });
    });

    it("does not try a permanent failure again, lists the newest first, and goes on", async () => {
      let tries = 0;
      const handler: JobHandler = async (job) => {
        tries += 1;
        if (job.traceId !== jobOf(3).traceId) throw new TracegateError("bad-input", `broken ${job.traceId}`);
      };
      const codes: unknown[] = [];
      await queue.consume(handler, {
        concurrency: 1,
        onDead: (_job, error) => void codes.push(error instanceof TracegateError && error.code),
      });
      await queue.enqueue([jobOf(1)]);
      await until(async () => expect(await queue.counts()).toEqual({ ...idle, dead: 1 }));
      const afterFirst = Date.now();
      await until(() => expect(Date.now()).toBeGreaterThan(afterFirst + 1));
      await queue.enqueue([jobOf(2), jobOf(3)]);
      await until(async () => expect(await queue.counts()).toEqual({ ...idle, dead: 2 }));
      expect(tries).toBe(3);
      expect(codes).toEqual(["bad-input", "bad-input"]);
      expect((await queue.dead(10)).map(({ job }) => job)).toEqual([jobOf(2), jobOf(1)]);
      expect(await queue.dead(1)).toHaveLength(1);
    });

    it("runs a dead job again when it is enqueued again", async () => {
      let broken = true;
      const seen: number[] = [];
      await queue.consume(
        async (_job, { number }) => {
          seen.push(number);
          if (broken) throw new Error("broken");
        },
        { concurrency: 1 },
      );
      await queue.enqueue([jobOf(1)]);
      await until(async () => expect(await queue.counts()).toEqual({ ...idle, dead: 1 }));
      broken = false;
      await queue.enqueue([jobOf(1)]);
      await until(async () => expect(await queue.counts()).toEqual(idle));
      expect(seen).toEqual([1, 1]);
    });

    it("redrives dead jobs by id as if never tried, leaves the others, and counts only what was dead", async () => {
      let broken = true;
      const seen: [Job, number, number][] = [];
      await queue.consume(
        async (job, { number, deaths }) => {
          seen.push([job, number, deaths]);
          if (broken) throw new Error("broken");
        },
        { concurrency: 1 },
      );
      const again: Job = { ...jobOf(1), from: "store", scorers: ["resolved"] };
      await queue.enqueue([jobOf(1), again, jobOf(2)]);
      await until(async () => expect(await queue.counts()).toEqual({ ...idle, dead: 3 }));
      const ids = (await queue.dead(10)).map(({ id }) => id).sort();
      expect(ids).toEqual([`${jobOf(1).traceId}-1`, `${jobOf(1).traceId}-1-again`, `${jobOf(2).traceId}-1`]);
      broken = false;
      expect(await queue.redrive([`${again.traceId}-1-again`, "unknown-1"])).toBe(1);
      await until(async () => expect(await queue.counts()).toEqual({ ...idle, dead: 2 }));
      expect(seen.at(-1)).toEqual([again, 1, 0]);
      expect(await queue.redrive([`${again.traceId}-1-again`])).toBe(0);
      expect(await queue.redrive([])).toBe(0);
    });

    it("forgets dead jobs, and finds those that died before a time", async () => {
      await queue.consume(() => Promise.reject(new Error("broken")), { concurrency: 1 });
      await queue.enqueue([jobOf(1)]);
      await until(async () => expect(await queue.counts()).toEqual({ ...idle, dead: 1 }));
      const [first] = await queue.dead(1);
      await until(() => expect(Date.now()).toBeGreaterThan((first?.at ?? 0) + 2));
      const between = Date.now();
      await queue.enqueue([jobOf(2)]);
      await until(async () => expect(await queue.counts()).toEqual({ ...idle, dead: 2 }));
      expect((await queue.dead(10, between)).map(({ job }) => job)).toEqual([jobOf(1)]);
      expect(await queue.forget([first?.id ?? "", "unknown-1"])).toBe(1);
      expect((await queue.dead(10)).map(({ job }) => job)).toEqual([jobOf(2)]);
    });

    it("lets jobs in hand end within the grace and takes no new ones", async () => {
      await queue.enqueue([jobOf(1), jobOf(2)]);
      const { promise, resolve } = Promise.withResolvers<void>();
      const seen: Job[] = [];
      const consumer = await queue.consume(
        async (job) => {
          seen.push(job);
          await promise;
        },
        { concurrency: 1 },
      );
      await until(() => expect(seen).toHaveLength(1));
      const stopped = consumer.stop(10_000);
      resolve();
      await stopped;
      expect(seen).toEqual([jobOf(1)]);
      expect(await queue.counts()).toEqual({ ...idle, waiting: 1 });
    });

    it("aborts and gives back the jobs that outlast the grace, without counting the try", async () => {
      await queue.enqueue([jobOf(1), jobOf(2)]);
      const signals: AbortSignal[] = [];
      const stubborn = await queue.consume(
        (_job, { signal }) => {
          signals.push(signal);
          return new Promise(() => {});
        },
        { concurrency: 2 },
      );
      await until(() => expect(signals).toHaveLength(2));
      await stubborn.stop(20);
      expect(signals.map((signal) => signal.aborted)).toEqual([true, true]);
      const numbers: number[] = [];
      await queue.consume(async (_job, { number }) => void numbers.push(number), { concurrency: 2 });
      await until(async () => expect(await queue.counts()).toEqual(idle));
      expect(numbers).toEqual([1, 1]);
    });

    it("renews its hold on a job that takes longer than a lease", async () => {
      let starts = 0;
      const start = Date.now();
      const slow: JobHandler = async () => {
        starts += 1;
        await until(() => expect(Date.now() - start).toBeGreaterThan(3 * place.leaseMs));
      };
      const consumers: Consumer[] = [];
      consumers.push(await queue.consume(slow, { concurrency: 1 }));
      const other = await open();
      consumers.push(await other.consume(slow, { concurrency: 1 }));
      await queue.enqueue([jobOf(1)]);
      await until(async () => expect(await queue.counts()).toEqual(idle));
      expect(starts).toBe(1);
      for (const consumer of consumers) await consumer.stop(1_000);
    });

    it("still has its jobs after it was closed and opened again", async () => {
      await queue.enqueue([jobOf(1), jobOf(2)]);
      await queue.close();
      const reopened = await open();
      expect(await reopened.counts()).toEqual({ ...idle, waiting: 2 });
    });

    /** A process takes these many jobs and is killed with them in hand. */
    const killHolder = async (jobs: number) => {
      const child = spawn(process.execPath, [HOLD_JOB, JSON.stringify(place)], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      for await (const line of createInterface({ input: child.stdout })) {
        if (line === `holds ${jobs}`) child.kill("SIGKILL");
      }
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    };

    it("lays down a job whose holders all died, says so, and redrives it", async () => {
      await queue.enqueue([jobOf(1)]);
      for (let deaths = 0; deaths < place.maxAttempts; deaths += 1) await killHolder(1);
      const tries: { readonly number: number; readonly deaths: number }[] = [];
      const dead: string[] = [];
      await queue.consume(async (_job, { number, deaths }) => void tries.push({ number, deaths }), {
        concurrency: 1,
        onDead: (_job, error, tried) => void dead.push(`${tried} tries: ${error.message}`),
      });
      await until(async () => expect(await queue.counts()).toEqual({ ...idle, dead: 1 }));
      expect(tries).toEqual([]);
      expect(dead).toEqual([expect.stringMatching(/^3 tries: .*out-of-memory kill/)]);
      const [listed] = await queue.dead(1);
      expect(listed?.reason).toMatch(/out-of-memory kill/);
      expect(await queue.redrive([listed?.id ?? ""])).toBe(1);
      await until(() => expect(tries).toEqual([{ number: 1, deaths: 0 }]));
      await until(async () => expect(await queue.counts()).toEqual(idle));
    }, 30_000);

    it("purges jobs that wait and dead ones, by what is in them, and takes them again", async () => {
      const inline: Job = { v: 1, traceId: jobOf(2).traceId, revision: 1, from: "inline", otlp: "AAEC" };
      await queue.enqueue([jobOf(3)]);
      const first = await queue.consume(
        async () => {
          throw new Error("unreadable");
        },
        { concurrency: 1 },
      );
      await until(async () => expect(await queue.counts()).toEqual({ ...idle, dead: 1 }));
      await first.stop(1_000);
      await queue.enqueue([jobOf(1), inline, jobOf(2)]);
      const doomed = [jobOf(2).traceId, jobOf(3).traceId];
      expect(await queue.purge(({ traceId }) => doomed.includes(traceId))).toBe(3);
      expect(await queue.counts()).toEqual({ ...idle, waiting: 1 });
      await queue.enqueue([jobOf(2)]);
      const seen: Job[] = [];
      await queue.consume(async (job) => void seen.push(job), { concurrency: 1 });
      await until(() => expect(seen).toEqual([jobOf(1), jobOf(2)]));
    });

    it("hands out again what a killed process held", async () => {
      await queue.enqueue([jobOf(1), jobOf(2)]);
      await killHolder(2);
      expect(await queue.counts()).toEqual({ ...idle, active: 2 });
      const tries: { readonly number: number; readonly deaths: number }[] = [];
      await queue.consume(async (_job, { number, deaths }) => void tries.push({ number, deaths }), {
        concurrency: 2,
      });
      await until(async () => expect(await queue.counts()).toEqual(idle));
      expect(tries).toEqual([
        { number: 2, deaths: 1 },
        { number: 2, deaths: 1 },
      ]);
    });
  });
}
