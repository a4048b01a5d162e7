import { afterEach, describe, expect, it } from "vitest";

import { type Running, up } from "../../src/app/up.ts";
import { type Config, type ConfigInput, configSchema } from "../../src/config/schema.ts";
import { toolErrors } from "../../src/scorers/tool-errors.ts";
import { idOf, run } from "../cli/agent-traces.ts";
import { startRedis } from "../redis/redis-server.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function start(more: ConfigInput = {}, redis: string | false = false): Promise<Running> {
  const folder = temporaryFolder();
  const config: Config = configSchema.parse({ scorers: [toolErrors()], ...more });
  const running = await up({
    config: { ...config, receiver: { ...config.receiver, port: 0 } },
    cwd: folder.path,
    environment: { SCRAPE: "only-for-scrapers" },
    redis,
  });
  closers.push(
    () => folder.remove(),
    () => running.stop(1_000),
  );
  return running;
}

async function send(running: Running, number: number, sketch: { readonly toolError?: string } = {}) {
  const body = new Uint8Array(run({ traceId: idOf(number), ...sketch }));
  const headers = { "Content-Type": "application/x-protobuf" };
  expect((await fetch(`${running.url}/v1/traces`, { method: "POST", body, headers })).status).toBe(200);
  await fetch(`${running.url}/v1/traces/${idOf(number)}/complete`, { method: "POST" });
}

const read = async (url: string, headers: Record<string, string> = {}) => {
  const answer = await fetch(url, { headers });
  return { status: answer.status, type: answer.headers.get("content-type"), text: await answer.text() };
};

describe("the receiver's port", () => {
  it("tells how the process is, and what became of a trace that came in there", async () => {
    const running = await start();
    expect(await read(`${running.url}/healthz`)).toMatchObject({ status: 200, text: '{"status":"ok"}' });
    expect(await read(`${running.url}/readyz`)).toMatchObject({ status: 200, text: '{"status":"ready"}\n' });
    await send(running, 1, { toolError: "timeout" });
    const metrics = () => read(`${running.url}/metrics`);
    await expect.poll(async () => (await metrics()).text, { timeout: 10_000 }).toContain("tool-errors");
    const { type, text } = await metrics();
    expect(type).toBe("application/openmetrics-text; version=1.0.0; charset=utf-8");
    expect(text).toMatch(/^tracegate_receiver_spans_total 4$/m);
    expect(text).toMatch(
      /^tracegate_traces_completed_total\{reason="signalled"\} 1 # \{trace_id="0{5}1a+"\} 1 /m,
    );
    expect(text).toMatch(
      /^tracegate_scores_total\{scorer="tool-errors",outcome="failed",label="[^"]*"\} 1 # /m,
    );
    expect(text).toMatch(/^tracegate_tool_calls_total\{tool="get_order",outcome="error"\} 1 # /m);
    expect(text).toMatch(/^tracegate_job_seconds_count 1$/m);
    expect(text).toMatch(/^tracegate_service_reachable\{service="store"\} 1$/m);
    expect(text).toMatch(/^nodejs_eventloop_lag_seconds \S+$/m);
    const older = await read(`${running.url}/metrics`, { accept: "text/plain;version=0.0.4" });
    expect(older.type).toContain("version=0.0.4");
    expect(older.text).toMatch(/^# TYPE tracegate_receiver_spans_total counter$/m);
    expect(older.text).not.toContain("trace_id");
  });

  it("says which part is away, and gives its figures to nobody", async () => {
    const redis = await startRedis();
    closers.push(() => redis.stop());
    const running = await start({}, redis.url);
    expect((await read(`${running.url}/readyz`)).status).toBe(200);
    await redis.stop();
    const ready = async () => (await read(`${running.url}/readyz`)).status;
    await expect.poll(ready, { timeout: 15_000 }).toBe(503);
    expect(JSON.parse((await read(`${running.url}/readyz`)).text)).toMatchObject({
      status: "not ready",
      away: ["queue"],
    });
    const { text } = await read(`${running.url}/metrics`);
    expect(text).toMatch(/^tracegate_service_reachable\{service="queue"\} 0$/m);
    expect(text).not.toMatch(/^tracegate_queue_jobs\{/m);
    expect((await read(`${running.url}/healthz`)).status).toBe(200);
  }, 40_000);
});

describe("a port of its own", () => {
  it("wants its token for everything but whether the process lives", async () => {
    const { serverUrl } = await start({ server: { host: "0.0.0.0", port: 0, tokenEnv: "SCRAPE" } });
    const at = (path: string) => `http://127.0.0.1:${new URL(serverUrl ?? "").port}${path}`;
    expect((await read(at("/healthz"))).status).toBe(200);
    for (const path of ["/metrics", "/readyz", "/"]) expect((await read(at(path))).status).toBe(401);
    const shown = { authorization: "Bearer only-for-scrapers" };
    expect((await read(at("/metrics"), shown)).status).toBe(200);
    expect((await read(at("/readyz"), shown)).status).toBe(200);
    expect((await read(at("/v1/traces"), shown)).status).toBe(404);
  });

  it("is refused beyond loopback without a token, and with one that is not set", async () => {
    await expect(start({ server: { host: "0.0.0.0", port: 0 } })).rejects.toThrow(
      /^The server may listen on 0\.0\.0\.0 only with a token, .* server\.tokenEnv/,
    );
    await expect(start({ server: { tokenEnv: "NOT_SET" } })).rejects.toThrow(
      "server.tokenEnv names NOT_SET, which is not set. Set it to the token that scrapers show.",
    );
  });
});
