import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

import { longTrace } from "../../../scripts/bench/worker-material.ts";
import { type RunningProcess, startUp, startWork } from "../../cli/up-process.ts";
import { temporaryFolder } from "../../store/temporary-folder.ts";
import { hasPostgres, startServices } from "../scaled/services.ts";

/** As long as the longest of the recorded ones: 295 spans, most of which repeat the conversation. */
const BODY = longTrace().body(0);
/** Most that a process may hold, MiB: 400 MB. */
const LIMIT = 381;
const PATIENCE_MS = 30_000;
const CONFIG = `
import { defineConfig, ruleScorers } from "tracegate";
export default defineConfig({ scorers: [...ruleScorers], completion: { afterRootMs: 100 } });
`;

const folder = temporaryFolder();
afterAll(() => folder.remove());

function machine(name: string): string {
  const path = join(folder.path, name);
  mkdirSync(path);
  writeFileSync(join(path, "tracegate.config.ts"), CONFIG);
  return path;
}

const scored = (running: RunningProcess) => running.said((line) => "scores" in line, PATIENCE_MS);

describe("a trace of 10.8 MB", () => {
  it("is one: the test would say nothing of a smaller one", () => {
    expect(BODY.length / 1e6).toBeCloseTo(10.7, 0);
  });

  it("passes through one process that stays below 400 MB", async () => {
    const up = await startUp(machine("embedded"));
    try {
      expect((await up.send(BODY)).status).toBe(200);
      await scored(up);
      expect(up.peakMemory()).toBeLessThan(LIMIT);
    } finally {
      await up.stop("SIGKILL");
    }
  }, 60_000);

  it.skipIf(!hasPostgres)(
    "passes through a receiver and a worker that stay below 400 MB each (PostgreSQL: npm run setup)",
    async () => {
      const services = await startServices();
      const home = machine("scaled");
      const receive = await startUp(home, { command: "receive", env: services.env });
      const work = await startWork(home, { env: services.env });
      try {
        expect((await receive.send(BODY)).status).toBe(200);
        await scored(work);
        expect(receive.peakMemory()).toBeLessThan(LIMIT);
        expect(work.peakMemory()).toBeLessThan(LIMIT);
      } finally {
        await Promise.all([receive.stop("SIGKILL"), work.stop("SIGKILL")]);
        await services.close();
      }
    },
    60_000,
  );
});
