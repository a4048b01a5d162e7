import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { idOf, run } from "../../cli/agent-traces.ts";
import { startUp, type UpProcess } from "../../cli/up-process.ts";
import { frame, GrpcClient } from "../../receiver/grpc-client.ts";
import { temporaryFolder } from "../../store/temporary-folder.ts";
import { noise } from "./noise.ts";

const TRACES = 600;
const LIMIT_BYTES = 3_000_000;

/** One worker slot that does nothing until there is a file `go`. */
const CONFIG = `
import { existsSync } from "node:fs";
import { defineConfig, defineScorer } from "tracegate";

export default defineConfig({
  scorers: [
    defineScorer("patient", async ({ signal }) => {
      while (!existsSync("go") && !signal.aborted) await new Promise((wake) => setTimeout(wake, 20));
      return true;
    }),
  ],
  completion: { afterRootMs: 20 },
  worker: { concurrency: 1, ruleTimeoutMs: 120_000 },
  overload: { bytes: ${LIMIT_BYTES} },
});
`;

const folder = temporaryFolder();
let up: UpProcess;

const metrics = async () => (await fetch(`${up.url}/metrics`)).text();

beforeAll(async () => {
  writeFileSync(join(folder.path, "tracegate.config.ts"), CONFIG);
  up = await startUp(folder.path);
});
afterAll(async () => {
  await up.stop("SIGKILL");
  folder.remove();
});

describe("a burst of more than can wait", () => {
  const taken: number[] = [];
  const refused: Response[] = [];

  it("is taken up to the limit, and the rest is told when to come back", async () => {
    const send = async (number: number) => {
      const answer = await up.send(run({ traceId: idOf(number), answer: noise(20_000, number) }));
      if (answer.status === 200) taken.push(number);
      else refused.push(answer);
      await answer.arrayBuffer();
    };
    const numbers = Array.from({ length: TRACES }, (_, index) => index + 1).values();
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        for (const number of numbers) await send(number);
      }),
    );
    expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([429]));
    const waits = refused.map(({ headers }) => Number(headers.get("retry-after")));
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(5);
    expect(Math.max(...waits)).toBeLessThanOrEqual(15);
    expect(taken.length).toBeGreaterThan(50);
    // What comes between two looks may go over the limit, by an eighth of what is left.
    const bytes = /^tracegate_buffer_bytes (\d+)$/m.exec(await metrics())?.[1];
    expect(Number(bytes)).toBeLessThan(1.5 * LIMIT_BYTES);
    expect(Number(bytes)).toBeGreaterThan(0.7 * LIMIT_BYTES);
    await up.said(({ msg }) => String(msg).startsWith("spans are refused: "));
  }, 60_000);

  it("is refused over gRPC with RESOURCE_EXHAUSTED and the time to wait", async () => {
    const { msg } = await up.said(({ msg }) => String(msg).includes("for OTLP/gRPC"));
    const client = new GrpcClient(/http:\/\/\S+/.exec(String(msg))?.[0] ?? null);
    const answer = await client.call([frame(run({ traceId: idOf(TRACES + 1) }))]);
    client.session.destroy();
    expect(answer).toMatchObject({ status: 200, code: "8" });
    expect(answer.retryAfterS).toBeGreaterThanOrEqual(5);
  });

  it("leaves nothing out that was taken, and then spans are taken again", async () => {
    writeFileSync(join(folder.path, "go"), "");
    for (const number of taken) await up.scored(idOf(number), 1, 60_000);
    expect(new Set(up.log.filter((line) => "scores" in line).map((line) => line.traceId)).size).toBe(
      taken.length,
    );
    const again = async () => (await up.send(run({ traceId: idOf(TRACES + 2) }))).status;
    await expect.poll(again, { timeout: 10_000, interval: 200 }).toBe(200);
    expect(up.log.map(({ msg }) => msg)).toContain("spans are taken again");
    await up.scored(idOf(TRACES + 2));
    expect(up.peakMemory()).toBeLessThan(400);
  }, 120_000);
});

describe("traces that wait", () => {
  it("are scored in the order they came, but those with a failed span first", async () => {
    rmSync(join(folder.path, "go"));
    const [held, ...others] = [1, 2, 3, 4, 5].map((number) => idOf(2 * TRACES + number));
    const urgent = idOf(3 * TRACES);
    const said = up.log.length;
    await up.send(run({ traceId: held ?? "" }));
    const jobs = (state: string, count: number) =>
      expect
        .poll(metrics, { timeout: 15_000, interval: 100 })
        .toMatch(new RegExp(`^tracegate_queue_jobs\\{state="${state}"\\} ${count}$`, "m"));
    await jobs("active", 1);
    for (const traceId of others) await up.send(run({ traceId }));
    await jobs("waiting", 4);
    await up.send(run({ traceId: urgent, toolError: "timeout" }));
    await jobs("waiting", 5);
    writeFileSync(join(folder.path, "go"), "");
    for (const traceId of [urgent, ...others]) await up.scored(traceId);
    const order = up.log.slice(said).flatMap((line) => ("scores" in line ? [line.traceId] : []));
    expect(order.slice(0, 2)).toEqual([held, urgent]);
    expect(order.slice(2).toSorted()).toEqual(others.toSorted());
  }, 60_000);
});
