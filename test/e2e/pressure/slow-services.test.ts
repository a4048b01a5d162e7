import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Redis } from "ioredis";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { idOf, run } from "../../cli/agent-traces.ts";
import { type RunningProcess, startUp, startWork, type UpProcess } from "../../cli/up-process.ts";
import { temporaryFolder } from "../../store/temporary-folder.ts";
import { hasPostgres, type Services, startServices } from "../scaled/services.ts";
import { noise } from "./noise.ts";

const CONFIG = `
import { defineConfig, toolErrors } from "tracegate";
export default defineConfig({ scorers: [toolErrors()], completion: { afterRootMs: 50 } });
`;

describe.skipIf(!hasPostgres)("receivers and workers (npm run setup installs Redis and PostgreSQL)", () => {
  const folder = temporaryFolder();
  let services: Services;
  let receiver: UpProcess;
  let worker: RunningProcess;
  let sent = 0;

  beforeAll(async () => {
    const settings = ["--maxmemory", "12mb", "--maxmemory-policy", "noeviction"];
    services = await startServices({ settings });
    writeFileSync(join(folder.path, "tracegate.config.ts"), CONFIG);
    const { env } = services;
    receiver = await startUp(folder.path, { command: "receive", env });
    worker = await startWork(folder.path, { env });
  }, 60_000);
  afterAll(async () => {
    await receiver?.stop("SIGKILL");
    await worker?.stop("SIGKILL");
    await services.close();
    folder.remove();
  });

  /** Sends so many traces, one after another; returns the ids of those that were taken, and the other answers. */
  async function send(count: number, size = 0) {
    const taken: string[] = [];
    const refused: Response[] = [];
    for (let index = 0; index < count; index += 1) {
      const traceId = idOf(++sent);
      const answer = await receiver.send(run({ traceId, answer: noise(size, sent) || "Done." }));
      if (answer.status === 200) taken.push(traceId);
      else refused.push(answer);
      await answer.arrayBuffer();
    }
    return { taken, refused };
  }
  const jobs = async (): Promise<number> => {
    const text = await (await fetch(`${receiver.url}/metrics`)).text();
    const counts = [...text.matchAll(/^tracegate_queue_jobs\{state="(waiting|active)"\} (\d+)$/gm)];
    return counts.reduce((sum, [, , count]) => sum + Number(count), 0);
  };

  it("take spans while the store takes no writes, so that workers are held up, and do what waits when it does again", async () => {
    const blocker = new Client({ connectionString: services.env.DATABASE_URL });
    await blocker.connect();
    await blocker.query("begin; lock table tracegate.trace in share mode");
    const { taken, refused } = await send(40);
    expect(refused).toEqual([]);
    await expect.poll(jobs, { timeout: 20_000, interval: 200 }).toBe(40);
    await blocker.query("rollback");
    await blocker.end();
    for (const traceId of taken) await worker.scored(traceId, 1, 60_000);
  }, 120_000);

  it("refuse spans when Redis is nearly full, keep what was taken, and take spans again when there is room", async () => {
    await worker.stop();
    const { taken, refused } = await send(700, 20_000);
    expect(refused.length).toBeGreaterThan(0);
    expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([429]));
    expect(refused.every(({ headers }) => Number(headers.get("retry-after")) >= 1)).toBe(true);
    worker = await startWork(folder.path, { env: services.env });
    for (const traceId of taken) await worker.scored(traceId, 1, 60_000);
    const again = async () => (await send(1)).taken.length;
    await expect.poll(again, { timeout: 20_000, interval: 500 }).toBe(1);
    const redis = new Redis(services.env.REDIS_URL);
    expect(await redis.info("stats")).toContain("evicted_keys:0");
    redis.disconnect();
  }, 180_000);
});
