import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Collector, startCollector } from "../../src/testing/collector.ts";
import { otlp, type SpanSketch } from "../../src/testing/spans.ts";
import { startRedis } from "../redis/redis-server.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";
import { idOf, run, sketchOf } from "./agent-traces.ts";
import { runCli } from "./run-cli.ts";
import { startUp, type UpProcess } from "./up-process.ts";

const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;

const folder = temporaryFolder();
let backend: Collector;
let up: UpProcess;

/** A scorer that waits for a file when it is asked to, so that a trace can be seen in the queue. */
function config(backendUrl: string): string {
  return `
import { existsSync } from "node:fs";
import { defineConfig, defineScorer, otlp, toolErrors } from "tracegate";

const patient = defineScorer("patient", async ({ trace, signal }) => {
  while (trace.input === "hold" && !existsSync("go") && !signal.aborted) await new Promise((wake) => setTimeout(wake, 20));
  return true;
});

export default defineConfig({
  scorers: [toolErrors(), patient],
  completion: { afterRootMs: 50, idleMs: 600_000 },
  worker: { ruleTimeoutMs: 60_000 },
  sinks: [otlp({ endpoint: ${JSON.stringify(backendUrl)} })],
});
`;
}

async function why(id: string) {
  const result = await runCli(["why", id], { cwd: folder.path });
  return { ...result, stdout: result.stdout.replace(TIME, "<time>") };
}

/** Spans of a run without their root. */
function orphans(traceId: string, extra: readonly SpanSketch[] = []): Uint8Array {
  const sketch = sketchOf({ traceId });
  const spans = [...(sketch.spans[0].children ?? []), ...extra];
  return otlp({ ...sketch, spans: spans.map((span) => ({ ...span, parentSpanId: "00000000000000ff" })) });
}

beforeAll(async () => {
  backend = await startCollector();
  writeFileSync(join(folder.path, "tracegate.config.ts"), config(backend.url));
  up = await startUp(folder.path);
});
afterAll(async () => {
  await up.stop("SIGKILL");
  await backend.close();
  folder.remove();
});

describe("up", () => {
  it("says where it listens, with what, and where it keeps its state", async () => {
    await up.said(({ msg }) => String(msg).includes("state in"));
    expect(up.log.slice(0, 2).map(({ msg }) => msg)).toEqual([
      `listening on ${up.url} for OTLP/HTTP, configuration ${join(folder.path, "tracegate.config.ts")}`,
      "2 scorers, no judge: set OPENAI_API_KEY or ANTHROPIC_API_KEY; queue embedded; state in .tracegate",
    ]);
  });

  it("scores a trace that arrives, sends it on, and show finds it by the first digits of its id", async () => {
    expect((await up.send(run({ traceId: idOf(1), toolError: "timeout" }))).status).toBe(200);
    const line = await up.scored(idOf(1));
    expect(line).toMatchObject({ msg: "failed", failed: ["tool-errors"], scores: 2 });
    await backend.waitFor((sink) => sink.rootAttributes(idOf(1))?.["tracegate.score.tool-errors"] === 0);
    const { stdout } = await runCli(["show", "000001", "--format", "json"], { cwd: folder.path });
    expect(JSON.parse(stdout)).toMatchObject({ traceId: idOf(1), completion: "root-ended", revision: 1 });
  });

  it("takes the same spans a second time without scoring them again", async () => {
    expect((await up.send(run({ traceId: idOf(1), toolError: "timeout" }))).status).toBe(200);
    await up.send(run({ traceId: idOf(2) }));
    await up.scored(idOf(2));
    expect(up.log.filter(({ traceId }) => traceId === idOf(1))).toHaveLength(1);
  });

  it("refuses a second process on the same state folder", async () => {
    const second = await runCli(["up", "--port", "0"], { cwd: folder.path });
    expect(second).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: `tracegate: ${join(folder.path, ".tracegate")} is in use by another tracegate process. Stop that one, or choose another state directory.\n`,
    });
  });
});

describe("why", () => {
  it("tells of a scored trace why it was complete, what was decided, and where the scores went", async () => {
    const { stdout, stderr, exitCode } = await why("000001");
    expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
    expect(stdout).toBe(`\
${idOf(1)}  scored
  Revision 1 with 4 spans was scored at <time>; complete because: root-ended. In the sample that judges see: it has an error; its spans are kept until <time>.

SCORER       REV  STATE   AT                        REASON
patient        1  scored  <time>  passed with 1
tool-errors    1  scored  <time>  failed with 0: 1 tool error(s) without recovery, the first from get_order: timeout. Nothing the agent told the user mentions it.

SINK  REV  STATE      AT                        REASON
otlp    1  delivered  <time>
`);
  });

  it("tells of a trace whose root has not come that it is collecting, also by a prefix", async () => {
    await up.send(orphans(idOf(3)));
    expect(await why("000003")).toEqual({
      exitCode: 0,
      stderr: "",
      stdout: `${idOf(3)}  collecting\n  3 spans have arrived since <time>, the last at <time>; its root has not ended.\n`,
    });
  });

  it("tells of a complete trace that it waits to be scored", async () => {
    await up.send(run({ traceId: idOf(4), question: "hold" }));
    await expect
      .poll(async () => (await why("000004")).stdout, { timeout: 15_000 })
      .toBe(`${idOf(4)}  queued\n  It is complete and waits to be scored.\n`);
    writeFileSync(join(folder.path, "go"), "");
    expect(await up.scored(idOf(4))).toMatchObject({ failed: [] });
  });

  it("shows a second revision when a span comes late", async () => {
    const late = { ...sketchOf({ traceId: idOf(2) }), spans: [{ name: "late", spanId: "00000000000000aa" }] };
    const spans = late.spans.map((span) => ({ ...span, parentSpanId: "0000000000000001" }));
    await up.send(otlp({ ...late, spans }));
    await up.complete(idOf(2));
    await up.scored(idOf(2), 2);
    const { stdout } = await why(idOf(2));
    expect(stdout).toContain("Revision 2 with 5 spans was scored at <time>");
    expect(stdout).toMatch(/tool-errors +2 +scored/);
  });

  it("asks for more digits when several traces begin alike", async () => {
    expect(await why("00000")).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: `tracegate: "00000" fits several traces: ${[1, 2, 3, 4].map(idOf).join(", ")}. Give more digits.\n`,
    });
  });

  it("says of a trace that never arrived where to look", async () => {
    expect(await why(idOf(99))).toMatchObject({
      exitCode: 1,
      stdout: `${idOf(99)}  unknown\n  No span of this trace has arrived here. Check the agent's OTEL_EXPORTER_OTLP_ENDPOINT and its sampling.\n`,
    });
    const { stderr, exitCode } = await why("ffff");
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^tracegate: No span of a trace that starts with ffff has arrived here\./);
    expect(await why("xyz")).toMatchObject({
      exitCode: 2,
      stderr: 'tracegate: "xyz" is not a trace id. Give its hex digits, e.g. 4bf92f3577b34da6.\n',
    });
  });
});

describe("up, when it is stopped", () => {
  it("ends with 0 on Ctrl-C, and goes on with what was collected at the next start", async () => {
    expect(await up.stop("SIGINT")).toBe(0);
    expect(up.log.at(-1)?.msg).toBe("stopped; what was not finished goes on at the next start");
    up = await startUp(folder.path);
    await up.complete(idOf(3));
    expect(await up.scored(idOf(3))).toMatchObject({ scores: 2 });
    const rerun = up.log.filter(({ traceId }) => traceId === idOf(1) || traceId === idOf(2));
    expect(rerun).toEqual([]);
  });

  it("ends with 0 on SIGTERM within the grace time while a scorer is at work, which is run again", async () => {
    writeFileSync(
      join(folder.path, "tracegate.config.ts"),
      config(backend.url).replace('"go"', '"go again"'),
    );
    await up.stop();
    up = await startUp(folder.path);
    await up.send(run({ traceId: idOf(5), question: "hold" }));
    await expect.poll(async () => (await why("000005")).stdout, { timeout: 15_000 }).toContain("queued");
    const begun = Date.now();
    expect(await up.stop("SIGTERM")).toBe(0);
    expect(Date.now() - begun).toBeLessThan(9_000);
    writeFileSync(join(folder.path, "go again"), "");
    up = await startUp(folder.path);
    expect(await up.scored(idOf(5))).toMatchObject({ failed: [] });
  }, 40_000);
});

describe("up, started in another way", () => {
  const elsewhere = temporaryFolder();
  afterAll(() => elsewhere.remove());
  const start = (args: readonly string[], env: Record<string, string> = {}) =>
    runCli(["up", ...args], { cwd: elsewhere.path, env });

  it("names a port that is in use, and what to do", async () => {
    const { port } = new URL(up.url);
    expect(await start(["--port", port])).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: `tracegate: Cannot listen on 127.0.0.1:${port}. Port ${port} is in use, perhaps by another tracegate or an OpenTelemetry Collector. Stop it, or choose another port (receiver.port; 0 picks a free one).\n`,
    });
  });

  it("refuses to listen beyond loopback without a token", async () => {
    const { exitCode, stderr } = await start(["--host", "0.0.0.0", "--port", "0"]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^tracegate: The receiver may listen on 0\.0\.0\.0 only with a token/);
    expect(stderr).toContain("receiver.tokenEnv");
  });

  it("says which variable lacks the token", async () => {
    writeFileSync(
      join(elsewhere.path, "token.config.mjs"),
      'export default { receiver: { tokenEnv: "INGEST_TOKEN" } };',
    );
    const { exitCode, stderr } = await start([
      "--config",
      "token.config.mjs",
      "--host",
      "0.0.0.0",
      "--port",
      "0",
    ]);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr:
        "tracegate: receiver.tokenEnv names INGEST_TOKEN, which is not set. Set it to the token that senders show.\n",
    });
  });

  it("says that Redis does not answer, where, and what to do", async () => {
    const { exitCode, stderr } = await start(["--port", "0"], { REDIS_URL: "redis://:hush@127.0.0.1:1/2" });
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      "tracegate: Redis at 127.0.0.1:1/2 does not answer (connect ECONNREFUSED 127.0.0.1:1). Start Redis there, or correct REDIS_URL; `tracegate up` needs no Redis when it is unset.\n",
    );
    expect(stderr).not.toContain("hush");
  });

  it("queues in Redis when it is told to, and ends with 0", async () => {
    const redis = await startRedis();
    const queued = await startUp(elsewhere.path, { args: ["--redis", redis.url] });
    await queued.said(({ msg }) => String(msg).includes("queue BullMQ"));
    await queued.send(run({ traceId: idOf(1) }));
    await queued.complete(idOf(1));
    await queued.scored(idOf(1));
    expect(await queued.stop()).toBe(0);
    await redis.stop();
  });

  it("listens beyond loopback with a token, and takes spans from those who show it", async () => {
    const open = await startUp(elsewhere.path, {
      args: ["--config", "token.config.mjs", "--host", "0.0.0.0"],
      env: { INGEST_TOKEN: "let-me-in" },
    });
    const url = `http://127.0.0.1:${new URL(open.url).port}/v1/traces`;
    const send = (headers: Record<string, string>) =>
      fetch(url, { method: "POST", body: new Uint8Array(run({ traceId: idOf(1) })), headers });
    const type = { "Content-Type": "application/x-protobuf" };
    expect((await send(type)).status).toBe(401);
    expect((await send({ ...type, Authorization: "Bearer let-me-in" })).status).toBe(200);
    expect(await open.stop()).toBe(0);
  });
});
