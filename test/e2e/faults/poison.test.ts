import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { openQueue } from "../../../src/app/open-queue.ts";
import { configSchema } from "../../../src/config/schema.ts";
import type { DeadJob } from "../../../src/core/queue.ts";
import { idOf, run } from "../../cli/agent-traces.ts";
import { runCli } from "../../cli/run-cli.ts";
import { startUp, type UpProcess } from "../../cli/up-process.ts";
import { startRedis } from "../../redis/redis-server.ts";
import { temporaryFolder } from "../../store/temporary-folder.ts";

/** One trace ends every process that scores it, until the scorer is repaired. */
const CONFIG = `
import { existsSync } from "node:fs";
import { defineConfig, defineScorer } from "tracegate";

export default defineConfig({
  scorers: [
    defineScorer("deadly", async ({ trace }) => {
      if (trace.input !== "poison" || existsSync("repaired")) return true;
      await new Promise((wake) => setTimeout(wake, 50));
      process.kill(process.pid, "SIGKILL");
    }),
  ],
  completion: { afterRootMs: 20 },
});
`;

describe("a trace that ends every process that holds it", () => {
  const folder = temporaryFolder();
  let up: UpProcess;
  beforeAll(async () => {
    writeFileSync(join(folder.path, "tracegate.config.ts"), CONFIG);
    up = await startUp(folder.path);
  });
  afterAll(async () => {
    await up.stop("SIGKILL");
    folder.remove();
  });
  const cli = (...args: string[]) => runCli(args, { cwd: folder.path });

  /** What a service manager does: starts it whenever it has ended, until it lives. */
  async function restartUntilAlive(): Promise<number> {
    for (let kills = 0; ; kills += 1) {
      if (kills > 20) throw new Error("it dies again and again");
      try {
        if (kills > 0) up = await startUp(folder.path);
        await up.said(({ msg }) => String(msg).includes("cannot be scored"), 30_000);
        return kills;
      } catch {}
    }
  }

  it("is dead after its tries, the others are scored, and it runs again when somebody says so", async () => {
    await up.send(run({ traceId: idOf(1), question: "poison" }));
    expect(await restartUntilAlive()).toBe(8);
    await up.send(run({ traceId: idOf(2) }));
    await up.scored(idOf(2));

    const id = `${idOf(1)}-1`;
    expect((await cli("dead", "list")).stdout).toMatch(
      new RegExp(`^ID .*\\n${id} .* buffer .*Look for a crash or an out-of-memory kill`),
    );
    const json = await cli("dead", "list", "--format", "json", "--reason", "OUT-OF-MEMORY");
    expect(JSON.parse(json.stdout)).toMatchObject([{ id, job: { from: "buffer", traceId: idOf(1) } }]);
    expect((await cli("dead", "show", id.slice(0, 6))).stdout).toContain(
      "Its 4 spans are kept for a redrive.",
    );
    expect((await cli("why", idOf(1))).stdout).toContain(
      `It is dead after 8 tries. \`tracegate dead show ${id}\` tells more`,
    );

    writeFileSync(join(folder.path, "repaired"), "");
    expect((await cli("dead", "redrive")).exitCode).toBe(2);
    const none = await cli("dead", "redrive", "--reason", "no such reason");
    expect(none.stdout).toBe("0 dead jobs will run again.\n");
    expect((await cli("dead", "redrive", id)).stdout).toBe("1 dead job will run again.\n");
    expect(await up.scored(idOf(1), 1, 30_000)).toMatchObject({ failed: [] });
    expect((await cli("dead", "list")).stdout).toBe("No job is dead.\n");
    expect((await cli("why", idOf(1))).stdout).not.toContain("It is dead");
  }, 120_000);
});

describe("dead jobs in Redis", () => {
  it("are listed, told and run again, with fresh attempts", async () => {
    const redis = await startRedis();
    const folder = temporaryFolder();
    const up = await startUp(folder.path, { args: ["--redis", redis.url] });
    const { queue } = await openQueue(
      // Not looked at: the queue is in Redis.
      { database: Object.create(null) },
      { config: configSchema.parse({}), cwd: folder.path, environment: {}, redis: redis.url },
    );
    await queue.enqueue([1, 2].map((n) => ({ v: 1, traceId: idOf(n), revision: 1, from: "buffer" })));
    await expect.poll(async () => (await queue.counts()).dead, { timeout: 10_000 }).toBe(2);
    const env = { REDIS_URL: redis.url };
    const cli = (...args: string[]) => runCli(["dead", ...args], { cwd: folder.path, env });
    const list = async (): Promise<DeadJob[]> => JSON.parse((await cli("list", "--format", "json")).stdout);
    const before = await list();
    expect(before.map(({ id }) => id).sort()).toEqual([`${idOf(1)}-1`, `${idOf(2)}-1`]);
    expect((await cli("show", `${idOf(1)}-1`)).stdout).toContain("its spans are not in the trace buffer");
    expect((await cli("redrive", "--all")).stdout).toBe("2 dead jobs will run again.\n");
    const later = async () => (await list()).filter(({ at }) => before.every((old) => old.at < at)).length;
    await expect.poll(later, { timeout: 20_000 }).toBe(2);
    await queue.close();
    await up.stop();
    await redis.stop();
    folder.remove();
  }, 60_000);
});
