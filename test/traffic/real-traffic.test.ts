import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";

import { type OwnRedis, startRedis } from "../../scripts/bench/redis.ts";
import { startUp, type UpProcess } from "../../scripts/bench/up-process.ts";
import { ruleScorers } from "../../src/scorers/index.ts";
import { type Collector, startCollector } from "../../src/testing/collector.ts";

const TRACES = resolve(import.meta.dirname, "../../../shared/data/traces.tau.jsonl.gz");
const SENDER = resolve(import.meta.dirname, "../../scripts/send-traces.ts");
const COUNT = 675;
const ABSENT = existsSync(TRACES) ? "" : " (skipped: ../shared/data/traces.tau.jsonl.gz is not there)";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

interface Site {
  readonly folder: string;
  readonly collector: Collector;
  start(): Promise<UpProcess>;
}

async function prepare(queue: "embedded" | "BullMQ"): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), "tracegate-traffic-"));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  const collector = await startCollector({ keepSpans: false });
  cleanups.push(() => collector.close());
  let redis: OwnRedis | undefined;
  if (queue === "BullMQ") {
    redis = await startRedis();
    cleanups.push(() => redis?.close());
  }
  writeFileSync(
    join(folder, "tracegate.config.ts"),
    `import { defineConfig, otlp, ruleScorers } from "tracegate";
export default defineConfig({
  scorers: [...ruleScorers],
  completion: { afterRootMs: 300 },
  sinks: [otlp({ endpoint: "${collector.url}" })],
});
`,
  );
  const port = String(await freePort());
  const args = ["--port", port, "--grpc-port", "0", ...(redis ? ["--redis", redis.url] : [])];
  return {
    folder,
    collector,
    async start() {
      const up = await startUp(folder, args);
      cleanups.push(() => up.kill());
      return up;
    },
  };
}

/** The sender is another process and counts for itself. */
function send(url: string) {
  const child = spawn(process.execPath, [SENDER, url, TRACES], { stdio: ["ignore", "pipe", "inherit"] });
  cleanups.push(() => void child.kill("SIGKILL"));
  return (async () => {
    const [output, [code]] = await Promise.all([text(child.stdout), once(child, "close")]);
    expect(code, output).toBe(0);
    return JSON.parse(output);
  })();
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

function everyRootHasItsScores({
  collector,
  traceIds,
}: {
  collector: Collector;
  traceIds: readonly string[];
}) {
  const lacking = traceIds.filter((traceId) => {
    const attributes = collector.rootAttributes(traceId) ?? {};
    return !ruleScorers.every(
      ({ name }) => `tracegate.score.${name}` in attributes || `tracegate.unscored.${name}` in attributes,
    );
  });
  expect(lacking).toEqual([]);
}

describe.each(["embedded", "BullMQ"] as const)("with the %s queue", (queue) => {
  it.skipIf(ABSENT)(
    `every real trace arrives at the sink once, with scores on its root${ABSENT}`,
    async () => {
      const site = await prepare(queue);
      const up = await site.start();
      const sent = await send(up.url);
      await site.collector.waitFor((collector) => collector.counts().scoredTraces >= COUNT, 300_000);
      await up.stop();

      expect(sent).toMatchObject({ requests: COUNT, traces: COUNT, refused: [] });
      const counts = site.collector.counts();
      expect(counts).toMatchObject({ traces: COUNT, scoredTraces: COUNT, redeliveries: 0 });
      expect(counts.distinctScores).toBe(COUNT * ruleScorers.length);
      expect(counts.scores).toBe(counts.distinctScores);
      everyRootHasItsScores({ collector: site.collector, traceIds: [...up.scored] });
      expect(up.scored.size).toBe(COUNT);
    },
  );

  it.skipIf(ABSENT)(
    `SIGKILL in the middle, three times, loses no trace and doubles no score${ABSENT}`,
    async () => {
      const site = await prepare(queue);
      let up = await site.start();
      const sending = send(up.url);
      const seen = new Set<string>();
      for (const killAt of [60, 250, 480]) {
        await site.collector.waitFor((collector) => collector.counts().scoredTraces >= killAt, 300_000);
        await up.kill();
        for (const traceId of up.scored) seen.add(traceId);
        up = await site.start();
      }
      const sent = await sending;
      await site.collector.waitFor((collector) => collector.counts().scoredTraces >= COUNT, 300_000);
      await up.stop();

      expect(sent).toMatchObject({ requests: COUNT, traces: COUNT, refused: [] });
      const counts = site.collector.counts();
      expect(counts).toMatchObject({ traces: COUNT, scoredTraces: COUNT });
      expect(counts.distinctScores).toBe(COUNT * ruleScorers.length);
      // What was on the wire at a kill is sent again with the same ids; nothing else may be.
      expect(counts.redeliveries).toBeLessThanOrEqual(3 * 4);
      for (const traceId of up.scored) seen.add(traceId);
      everyRootHasItsScores({ collector: site.collector, traceIds: [...seen] });
      process.stdout.write(
        `${queue}: sent ${sent.traces}, at the sink ${counts.scoredTraces}, scores ${counts.distinctScores}, deliveries repeated ${counts.redeliveries}, requests repeated ${sent.retries}\n`,
      );
    },
  );
});
