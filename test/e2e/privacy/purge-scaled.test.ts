import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

import { findPostgres } from "../../../scripts/bench/postgres.ts";
import { openBullmqQueue } from "../../../src/redis/bullmq-queue.ts";
import { connectRedis, type RedisClient } from "../../../src/redis/connect.ts";
import { idOf } from "../../cli/agent-traces.ts";
import { runCli } from "../../cli/run-cli.ts";
import { type RunningProcess, startUp, startWork, type UpProcess } from "../../cli/up-process.ts";
import { temporaryFolder } from "../../store/temporary-folder.ts";
import { hasPostgres, type Services, startServices } from "../scaled/services.ts";
import { planted, plantedOpen, WORD } from "./planted-traces.ts";

const folder = temporaryFolder();
afterAll(() => folder.remove());

const [SCORED, OPEN, HELD, DEAD, OTHER] = [1, 2, 3, 4, 5].map(idOf) as [
  string,
  string,
  string,
  string,
  string,
];
const GONE = [SCORED, OPEN, HELD, DEAD];

const CONFIG = `
import { appendFileSync, existsSync } from "node:fs";
import { defineConfig, defineScorer, toolErrors } from "tracegate";

const quoting = defineScorer("quoting", async ({ trace, signal }) => {
  if (trace.input.startsWith("hold")) appendFileSync("${folder.path}/held", "x");
  while (trace.input.startsWith("hold") && !existsSync("${folder.path}/go") && !signal.aborted)
    await new Promise((wake) => setTimeout(wake, 20));
  return { value: 1, explanation: "It asks: " + trace.input };
});

export default defineConfig({
  scorers: [toolErrors(), quoting],
  completion: { afterRootMs: 100, idleMs: 600_000 },
  worker: { ruleTimeoutMs: 120_000 },
});
`;

describe.skipIf(!hasPostgres)(
  "purging traces from Redis and PostgreSQL (npm run setup installs them)",
  () => {
    let services: Services;
    let receiver: UpProcess;
    let worker: RunningProcess;
    let redis: RedisClient;
    const machine = (name: string) => {
      const path = join(folder.path, name);
      mkdirSync(path);
      writeFileSync(join(path, "tracegate.config.ts"), CONFIG);
      return path;
    };

    beforeAll(async () => {
      // Dumps would be compressed, and nothing be found in them.
      services = await startServices({ settings: ["--rdbcompression", "no"] });
      const { env } = services;
      redis = await connectRedis(env.REDIS_URL, { commands: "bounded" });
      receiver = await startUp(machine("receiver"), { command: "receive", env });
      worker = await startWork(machine("worker"), { env });
      await receiver.send(planted({ traceId: SCORED, question: "One?" }, "ann@x.example"));
      await receiver.send(planted({ traceId: OTHER, question: "Five?" }, "bob@x.example"));
      await Promise.all([worker.scored(SCORED), worker.scored(OTHER)]);
      const queue = await openBullmqQueue({ url: env.REDIS_URL });
      const body = Buffer.from(`not spans, ${WORD}`).toString("base64");
      await queue.enqueue([{ v: 1, traceId: DEAD, revision: 1, from: "inline", otlp: body }]);
      await vi.waitFor(async () => expect((await queue.counts()).dead).toBe(1), {
        timeout: 15_000,
        interval: 50,
      });
      await queue.close();
      await receiver.send(plantedOpen({ traceId: OPEN }, "ann@x.example"));
      await receiver.send(planted({ traceId: HELD, question: "hold" }, "ann@x.example"));
      await vi.waitFor(() => expect(existsSync(join(folder.path, "held"))).toBe(true), {
        timeout: 15_000,
        interval: 50,
      });
    }, 60_000);
    afterAll(async () => {
      await Promise.all([receiver, worker].map((one) => one.stop("SIGKILL")));
      redis.disconnect();
      await services.close();
    });

    /** Keys and dumped values of all of Redis that hold one of the texts; ids also as the bytes they are in spans. */
    async function inRedis(texts: readonly string[]): Promise<readonly string[]> {
      const found: string[] = [];
      for (const key of await redis.keys("*")) {
        const dump = (await redis.dumpBuffer(key)) ?? Buffer.alloc(0);
        for (const text of texts)
          if (key.includes(text) || dump.includes(text)) found.push(`${key}: ${text}`);
      }
      return found;
    }
    /** Texts that a dump of the whole database holds. */
    function inPostgres(texts: readonly string[]): readonly string[] {
      const program = join(findPostgres() ?? "", "pg_dump");
      const dump = execFileSync(program, [services.env.DATABASE_URL], { maxBuffer: 1 << 28 }).toString(
        "utf8",
      );
      return texts.filter((text) => dump.includes(text));
    }
    const purge = (args: readonly string[]) =>
      runCli(["purge", ...args], { cwd: join(folder.path, "receiver"), env: services.env });

    it("finds a user's traces where they are stored and where they wait", async () => {
      const { stdout, stderr } = await purge(["--user", "ann@x.example", "--dry-run", "--format", "json"]);
      expect(stderr).toBe("");
      const ids = JSON.parse(stdout).traces.map(({ traceId }: { traceId: string }) => traceId);
      expect(ids.sort()).toEqual([SCORED, OPEN, HELD].sort());
      expect(await inRedis([OPEN, HELD, DEAD])).not.toEqual([]);
      expect(inPostgres([SCORED, `One? ${WORD}`])).toHaveLength(2);
    });

    it("deletes them there, and takes nothing of them again", async () => {
      const { stdout, stderr, exitCode } = await purge(["--user", "ann@x.example", "--yes"]);
      expect([stderr, exitCode]).toEqual(["", 0]);
      expect(stdout).toContain("Deleted 3 traces");
      expect((await purge(["--trace", DEAD, "--yes"])).stdout).toContain("1 job went with them");
      writeFileSync(join(folder.path, "go"), "");
      for (const id of [SCORED, OPEN, HELD])
        expect((await receiver.send(planted({ traceId: id }, "ann@x.example"))).status).toBe(200);
      await receiver.complete(OPEN);
      await receiver.send(planted({ traceId: idOf(6) }, "bob@x.example"));
      await worker.scored(idOf(6));
      const { stdout: why } = await runCli(["why", HELD], {
        cwd: join(folder.path, "receiver"),
        env: services.env,
      });
      expect(why).toContain(`${HELD}  purged`);
    });

    it("leaves neither ids nor texts in any key of Redis or row of PostgreSQL, nor texts in the logs", async () => {
      // What was in hand leaves its last event behind until then.
      await vi.waitFor(async () => expect(await redis.llen("tracegate:traces:active")).toBe(0), {
        timeout: 10_000,
      });
      expect((await purge(["--trace", HELD, "--yes"])).exitCode).toBe(0);
      const texts = ["One?", "hold"].map((question) => `${question} ${WORD}`);
      expect(await inRedis([...GONE, "ann@x.example"])).toEqual([]);
      expect(inPostgres([...GONE, ...texts, "ann@x.example"])).toEqual([]);
      expect(inPostgres([OTHER, `Five? ${WORD}`])).toHaveLength(2);
      for (const { log } of [receiver, worker]) expect(JSON.stringify(log)).not.toContain(WORD);
    });
  },
);
