import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { Fault } from "../../../src/llmwire/fault.ts";
import type { ModelReply } from "../../../src/llmwire/model-request.ts";
import { type ModelServer, startModelServer } from "../../../src/llmwire/model-server.ts";
import { type Collector, startCollector } from "../../../src/testing/collector.ts";
import { idOf, run } from "../../cli/agent-traces.ts";
import { runCli } from "../../cli/run-cli.ts";
import { startUp, type UpProcess } from "../../cli/up-process.ts";
import { temporaryFolder } from "../../store/temporary-folder.ts";

/** Judges go by the question of the trace, rules count their calls in a file. */
function config(modelUrl: string, sinkUrl: string): string {
  return `
import { appendFileSync } from "node:fs";
import { defineConfig, defineJudge, defineScorer, openai, otlp } from "tracegate";

const judge = openai({ model: "gpt-4o-mini", baseURL: ${JSON.stringify(modelUrl)}, timeoutMs: 2_000 });
export default defineConfig({
  judge,
  scorers: [
    defineScorer("counted", ({ trace }) => {
      appendFileSync("rule-runs", trace.traceId + "\\n");
      return true;
    }),
    defineJudge("resolved", { question: "Was it done?", labels: { yes: 1, no: 0 } }),
    defineJudge("polite", { question: "Was it polite?", labels: { yes: 1, no: 0 } }),
  ],
  sinks: [otlp({ endpoint: ${JSON.stringify(sinkUrl)} })],
  completion: { afterRootMs: 20 },
  worker: { judgeRetries: { attempts: 3, baseMs: 100, maxMs: 400 } },
});
`;
}

const YES: ModelReply = {
  text: JSON.stringify({ rationale: "It was.", evidence: [], label: "yes" }),
  usage: { inputTokens: 1_000, outputTokens: 50 },
};
const soon = { "retry-after-ms": "50" };
const RATE_LIMIT: Fault = { fault: "status", status: 429, headers: soon };
const AWAY: Fault = { fault: "status", status: 503, headers: soon };
const NO_MONEY: Fault = {
  fault: "status",
  status: 429,
  body: JSON.stringify({
    error: { message: "You exceeded your current quota.", code: "insufficient_quota" },
  }),
};

interface Why {
  readonly state: string;
  readonly summary: string;
  readonly decisions: readonly {
    readonly scorer: string;
    readonly state: string;
    readonly reason: string;
    readonly next: string | null;
    readonly attempts: number;
  }[];
}

const folder = temporaryFolder();
let backend: Collector;
let server: ModelServer;
let up: UpProcess;
let traces = 0;
/** What the model says of "resolved"; "polite" always gets an answer. */
let reply: (ask: number) => ModelReply | Fault;
let asked = 0;

beforeAll(async () => {
  backend = await startCollector();
  server = await startModelServer({
    reply: (request) => {
      if (!JSON.stringify(request.messages).includes("Was it done?")) return YES;
      asked += 1;
      return reply(asked);
    },
  });
  writeFileSync(join(folder.path, "tracegate.config.ts"), config(server.openaiBaseUrl, backend.url));
  up = await startUp(folder.path, { env: { OPENAI_API_KEY: "sk-test-0123456789" } });
});
afterAll(async () => {
  await up.stop("SIGKILL");
  await server.close();
  await backend.close();
  folder.remove();
});
beforeEach(() => {
  asked = 0;
});

const cli = (...args: string[]) => runCli(args, { cwd: folder.path });
async function why(traceId: string): Promise<Why> {
  return JSON.parse((await cli("why", traceId, "--format", "json")).stdout);
}
async function send(question = `question ${traces}`): Promise<string> {
  const traceId = idOf(++traces);
  await up.send(run({ traceId, question }));
  return traceId;
}
const resolvedOf = async (traceId: string) =>
  (await why(traceId)).decisions.find(({ scorer }) => scorer === "resolved");
const until = (what: () => Promise<unknown>, value: unknown) =>
  expect.poll(what, { timeout: 20_000, interval: 100 }).toEqual(value);

describe("a judge that is away", { timeout: 60_000 }, () => {
  it("is asked again at its time, alone, and the sink gets the score (a passing fault is no permanent one: langfuse#16491, mlflow#24404)", async () => {
    reply = (ask) => (ask === 1 ? RATE_LIMIT : ask === 2 ? AWAY : YES);
    const traceId = await send();
    await up.scored(traceId);
    await until(async () => (await resolvedOf(traceId))?.state, "scored");
    // A short rate limit is waited out where it is met, and is no try.
    expect(await resolvedOf(traceId)).toMatchObject({ attempts: 2, reason: "passed with 1: It was." });
    expect(asked).toBe(3);
    await backend.waitFor((sink) => sink.rootAttributes(traceId)?.["tracegate.score.resolved"] === 1);
    // The update replaces what was said before it.
    expect(backend.rootAttributes(traceId)).not.toHaveProperty("tracegate.unscored.resolved");
    const runs = readFileSync(join(folder.path, "rule-runs"), "utf8").split("\n");
    expect(runs.filter((line) => line === traceId)).toHaveLength(1);
  });

  it("has failed when the tries are spent, with how many and what to do (no loop: mlflow#20782; no pending for days: langfuse#9259)", async () => {
    reply = () => AWAY;
    const traceId = await send();
    await until(async () => (await resolvedOf(traceId))?.state, "failed");
    const resolved = await resolvedOf(traceId);
    expect(resolved).toMatchObject({ attempts: 3, next: expect.stringContaining("tries are spent") });
    expect(resolved?.reason).toMatch(/^provider-down: 127\.0\.0\.1:\d+ said 503.* Given up after 3 tries\.$/);
    expect(asked).toBe(3);

    reply = () => YES;
    const again = await cli("resume", "resolved", "--failed", "--yes");
    expect(again.stdout).toBe("resolved is asked again; 1 trace will be made up for.\n");
    await until(async () => (await resolvedOf(traceId))?.state, "scored");
    expect(asked).toBe(4);
  });

  it("is not asked again about a trace whose request it refused", async () => {
    reply = () => ({ fault: "status", status: 400, message: "odd parameter" });
    const traceId = await send();
    await up.scored(traceId);
    expect(await resolvedOf(traceId)).toMatchObject({ state: "failed", attempts: 1 });
    expect((await resolvedOf(traceId))?.reason).toMatch(/bad-request: 127\.0\.0\.1:\d+ said 400: /);
    expect((await cli("resume")).stdout).toBe("Nothing is paused.\n");
  });

  it("is not asked again about a trace too large for its window, which is no score of 0 (strands-agents/evals#342)", async () => {
    const body = JSON.stringify({ error: { message: "Too long.", code: "context_length_exceeded" } });
    reply = () => ({ fault: "status", status: 400, body });
    const traceId = await send();
    await up.scored(traceId);
    expect(await resolvedOf(traceId)).toMatchObject({
      state: "too-large",
      next: expect.stringContaining('budgetTokens of "resolved"'),
    });
    await backend.waitFor(
      (sink) => sink.rootAttributes(traceId)?.["tracegate.unscored.resolved"] === "too-large",
    );
    expect(backend.rootAttributes(traceId)).not.toHaveProperty("tracegate.score.resolved");
    expect(asked).toBe(1);
  });

  it("keeps its next try over a restart, however old the trace (langfuse#9868, mlflow#21870)", async () => {
    reply = (ask) => (ask === 1 ? { ...AWAY, headers: { "retry-after": "8" } } : YES);
    const traceId = await send();
    await up.scored(traceId);
    expect(await resolvedOf(traceId)).toMatchObject({
      state: "waiting",
      next: expect.stringMatching(/^After 1 try it is asked again at .*Z, by itself\.$/),
    });
    await up.stop("SIGKILL");
    up = await startUp(folder.path, { env: { OPENAI_API_KEY: "sk-test-0123456789" } });
    await until(async () => (await resolvedOf(traceId))?.state, "scored");
    expect(asked).toBe(2);
  });
});

describe("a judge whose account is empty", { timeout: 60_000 }, () => {
  it("is paused after one call, its traces wait, and resume says the cost and makes up for them (PostHog#51294, langfuse#17071, evals-for-every-language#31)", async () => {
    reply = () => NO_MONEY;
    const first = await send();
    await up.scored(first);
    const later = [await send(), await send(), await send()];
    for (const traceId of later) await up.scored(traceId);
    expect(asked).toBe(1);
    expect(await resolvedOf(first)).toMatchObject({
      state: "paused",
      reason: expect.stringMatching(/^quota: /),
    });
    expect(await resolvedOf(later[2] ?? "")).toMatchObject({
      state: "paused",
      reason: expect.stringMatching(/^paused: Paused since .*You exceeded your current quota/),
      next: expect.stringContaining("tracegate resume resolved"),
    });
    const listed = await cli("resume");
    expect(listed.stdout).toMatch(/^resolved {2}paused since .*\n.*current quota.*top it up\.\n/);
    expect(listed.stdout).toMatch(
      /4 traces wait; judging them will cost about \$0\.000\d+, 4,000 input and 200 output/,
    );
    const asking = await cli("resume", "resolved");
    expect(asking).toMatchObject({ exitCode: 1, stdout: "" });
    expect(asking.stderr).toContain("Nothing was changed");
    expect((await cli("resume", "polite")).exitCode).toBe(2);

    reply = () => YES;
    const resumed = await cli("resume", "resolved", "--yes");
    expect(resumed).toMatchObject({
      exitCode: 0,
      stdout: "resolved is asked again; 4 traces will be made up for.\n",
    });
    for (const traceId of [first, ...later])
      await until(async () => (await resolvedOf(traceId))?.state, "scored");
    expect(asked).toBe(5);
    expect((await cli("resume")).stdout).toBe("Nothing is paused.\n");
  });
});
