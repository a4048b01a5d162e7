import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type ModelServer, startModelServer } from "../../../src/llmwire/model-server.ts";
import { openDatabase } from "../../../src/store/open-database.ts";
import { SqliteStore } from "../../../src/store/sqlite-store.ts";
import { type Collector, startCollector } from "../../../src/testing/collector.ts";
import { otlp } from "../../../src/testing/spans.ts";
import { idOf, run, sketchOf } from "../../cli/agent-traces.ts";
import { runCli } from "../../cli/run-cli.ts";
import { startUp, type UpProcess } from "../../cli/up-process.ts";
import { temporaryFolder } from "../../store/temporary-folder.ts";

const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;

/** Two traces come first; of ordinary ones after them none is judged, but half of those of one service. */
function config(modelUrl: string, sinkUrl: string): string {
  return `
import { defineConfig, defineJudge, openai, otlp, toolErrors } from "tracegate";

export default defineConfig({
  judge: openai({ model: "gpt-4o-mini", baseURL: ${JSON.stringify(modelUrl)} }),
  scorers: [toolErrors(), defineJudge("resolved", { question: "Was it done?", labels: { yes: 1, no: 0 } })],
  sinks: [otlp({ endpoint: ${JSON.stringify(sinkUrl)} })],
  completion: { afterRootMs: 20 },
  sampling: { rate: 0, firstOfVersion: 2, services: { half: { rate: 0.5, firstOfVersion: 0 } } },
  retention: { leftOutHours: 0 },
});
`;
}

const folder = temporaryFolder();
let backend: Collector;
let server: ModelServer;
let up: UpProcess;
let asked = 0;
/** What the judge said of those of which half are taken. */
const halves: unknown[] = [];

const env = { OPENAI_API_KEY: "sk-test-0123456789" };
const cli = (...args: string[]) => runCli(args, { cwd: folder.path });

beforeAll(async () => {
  backend = await startCollector();
  server = await startModelServer({
    reply: () => {
      asked += 1;
      return { text: JSON.stringify({ rationale: "It was.", evidence: [], label: "yes" }) };
    },
  });
  writeFileSync(join(folder.path, "tracegate.config.ts"), config(server.openaiBaseUrl, backend.url));
  up = await startUp(folder.path, { env });
});
afterAll(async () => {
  await up.stop("SIGKILL");
  await server.close();
  await backend.close();
  folder.remove();
});

/** Sends a trace and gives its root's attributes as the sink has them. */
async function delivered(number: number, body: Uint8Array) {
  await up.send(body);
  await up.scored(idOf(number));
  await backend.waitFor(
    (sink) => sink.rootAttributes(idOf(number))?.["tracegate.version.resolved"] !== undefined,
  );
  return backend.rootAttributes(idOf(number)) ?? {};
}

describe("a sample of live traces (production is sampled, every experiment is scored: opik PR 7957)", {
  timeout: 60_000,
}, () => {
  it("shows judges the first of a version and what went wrong, and rules everything", async () => {
    for (const number of [1, 2]) {
      const first = await delivered(number, run({ traceId: idOf(number), question: `Question ${number}?` }));
      expect(first).toMatchObject({ "tracegate.score.resolved": 1, "tracegate.score.tool-errors": 1 });
    }
    const ordinary = await delivered(3, run({ traceId: idOf(3), question: "Question 3?" }));
    expect(ordinary).toMatchObject({
      "tracegate.unscored.resolved": "sampled-out",
      "tracegate.score.tool-errors": 1,
    });
    const failed = await delivered(4, run({ traceId: idOf(4), toolError: "timeout" }));
    expect(failed).toMatchObject({ "tracegate.score.resolved": 1, "tracegate.score.tool-errors": 0 });
    expect(asked).toBe(3);
  });

  it("takes a share of a service's ordinary traces, and tells sinks with what chance", async () => {
    const before = asked;
    for (const number of [11, 12, 13, 14, 15, 16, 17, 18]) {
      const traceId = idOf(number);
      const sketch = { ...sketchOf({ traceId, question: `Question ${number}?` }), service: "half" };
      const root = await delivered(number, otlp(sketch));
      expect(root["tracegate.inclusion_probability.resolved"]).toBe(0.5);
      halves.push(root["tracegate.score.resolved"] ?? root["tracegate.unscored.resolved"]);
    }
    // By trace id, so always the same ones.
    expect(new Set(halves)).toEqual(new Set([1, "sampled-out"]));
    expect(asked - before).toBe(halves.filter((one) => one === 1).length);
  });

  it("is what why explains", async () => {
    const why = async (number: number) => (await cli("why", idOf(number))).stdout.replace(TIME, "<time>");
    expect(await why(2)).toContain(
      "In the sample that judges see: it is one of the first of its version; its spans are kept until <time>.",
    );
    expect(await why(4)).toContain("In the sample that judges see: it has an error;");
    const leftOut = await why(3);
    expect(leftOut).toContain("Not in the sample that judges see: no ordinary trace is;");
    expect(leftOut).toMatch(
      /resolved +1 +sampled-out +<time> +sampled-out: Not asked: judges see no ordinary/,
    );
    expect(leftOut).toContain("resolved: Raise sampling.rate, for all or for this service,");
  });

  it("is weighed by rates, so that what went wrong does not count for more than it is", async () => {
    const { stdout } = await cli("rates", "--format", "json");
    const rates: readonly object[] = JSON.parse(stdout);
    const judged = 3 + halves.filter((one) => one === 1).length;
    expect(rates).toMatchObject([
      {
        scorer: "resolved",
        kind: "judge",
        scored: judged,
        passed: judged,
        rate: { rate: 1, population: 3 + 2 * (judged - 3) },
        unscored: { "sampled-out": 12 - judged },
      },
      {
        scorer: "tool-errors",
        scored: 12,
        passed: 11,
        rate: { rate: 11 / 12, population: 12 },
        unscored: {},
      },
    ]);
    expect((await cli("rates")).stdout).toMatch(/tool-errors +1 +91.7 % +64.6 % to 98.5 % +12 +12\n/);
    expect((await cli("rates", "--since", "2999-01-01")).stderr).toBe("No trace is stored.\n");
  });

  it("keeps its spans for a while, and of the others only what was said of them", async () => {
    const asJson = async (number: number) => cli("show", idOf(number), "--format", "json");
    await up.stop("SIGTERM");
    up = await startUp(folder.path, { env });
    await expect.poll(async () => (await asJson(3)).exitCode, { timeout: 20_000 }).not.toBe(0);
    expect((await asJson(3)).stderr.replace(TIME, "<time>")).toBe(
      `tracegate: Of trace ${idOf(3)} only summary and scores are kept, not its spans: they were let go after <time>, as those of all traces outside the sample (retention.leftOutHours). Ask \`tracegate why ${idOf(3)}\` for its scores.\n`,
    );
    expect((await cli("why", idOf(3))).stdout).toContain("its spans were kept until ");
    expect(JSON.parse((await asJson(4)).stdout)).toMatchObject({ traceId: idOf(4) });
    expect((await cli("harvest")).stdout).toContain("1 new case");
  });

  it("is let go too after some days, and harvest says what it could not look at", async () => {
    await up.stop("SIGTERM");
    const database = openDatabase(join(folder.path, ".tracegate"));
    await new SqliteStore(database).dropPayloads(Date.now() + 8 * 86_400_000, 100);
    database.close();
    const { stdout, stderr } = await cli("harvest");
    expect(stdout).toContain("0 new cases");
    expect(stderr.replace(TIME, "<time>")).toBe(
      "Not looked at: 1 failing trace whose spans were let go, the last after <time>. Harvest more often than every retention.payloadDays, or raise it; --since leaves them out.\n",
    );
  });
});
