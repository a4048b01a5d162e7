import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { textOf } from "../../src/core/message.ts";
import { groundedness } from "../../src/judges/built-in/groundedness.ts";
import { judgeFromEnvironment } from "../../src/judges/default-judge.ts";
import type { Fault } from "../../src/llmwire/fault.ts";
import { type ModelServer, startModelServer } from "../../src/llmwire/model-server.ts";
import { openDatabase } from "../../src/store/open-database.ts";
import { SqliteStore } from "../../src/store/sqlite-store.ts";
import { scoreOf, storedTrace } from "../contracts/stored-trace.ts";
import { temporaryFolders } from "../datasets/temporary-folder.ts";
import { idOf, run } from "./agent-traces.ts";
import { runCli } from "./run-cli.ts";

const TRACES = 12;
/** Its spans are no longer kept. */
const PURGED = 1;
const newFolder = temporaryFolders();
let folder: string;
let server: ModelServer;
let fault: ((ask: number) => Fault | null) | undefined;

const environment = () => ({ OPENAI_API_KEY: "test-key", OPENAI_BASE_URL: server.openaiBaseUrl });
const calibrate = (...args: readonly string[]) =>
  runCli(["judge", "calibrate", "--labels", "labels.jsonl", ...args], { cwd: folder, env: environment() });

beforeEach(async () => {
  folder = newFolder();
  fault = undefined;
  let asks = 0;
  // Passed every trace the first time; now it fails every fourth.
  server = await startModelServer({
    reply(request) {
      asks += 1;
      const trouble = fault?.(asks);
      if (trouble) return trouble;
      const number = Number(/Question (\d+)\?/.exec(request.messages.map(textOf).join("\n"))?.[1]);
      const label = number % 4 === 0 ? "no" : "yes";
      const text = JSON.stringify({ rationale: "By the record.", evidence: [], label });
      return { text, usage: { inputTokens: 1_000, outputTokens: 100 } };
    },
  });
  await storeScores();
  const labels = Array.from({ length: TRACES }, (_, index) =>
    JSON.stringify({ traceId: idOf(index + 1), scorer: "groundedness", passed: true, reviewer: "ana" }),
  );
  writeFileSync(join(folder, "labels.jsonl"), labels.join("\n"));
});
afterEach(() => server.close());

describe("judge calibrate --rejudge", () => {
  it("asks the model again and prints how often it changed its mind, with the interval and the cost", async () => {
    const before = await storedScores();
    const { exitCode, stdout, stderr } = await calibrate("--rejudge", "8");

    expect(stderr).toBe("");
    expect(exitCode).toBe(0);
    // Traces 2 to 9, for the spans of the first are gone: 4 and 8 are decided otherwise.
    expect(server.requests()).toHaveLength(8);
    expect(stdout).toMatch(/^changed its mind \(2 of 8\) +0\.25 +0\.07 to 0\.59$/m);
    expect(stdout).toMatch(/^Asked again: 8 traces; cost 0\.\d{4} USD\.$/m);
    expect(stdout).not.toContain("cost 0.0000 USD");
    expect(stdout).toContain("it changed 25 % of its answers when asked again; at most 5 % allowed");
    expect(await storedScores()).toEqual(before);
  });

  it("waits for its turn after a rate limit, which is no answer", async () => {
    fault = (ask) =>
      ask === 2 ? { fault: "status", status: 429, headers: { "retry-after-ms": "300" } } : null;
    const { stdout } = await calibrate("--rejudge", "4", "--format", "json");

    const [found] = JSON.parse(stdout);
    expect(found.rejudged).toMatchObject({ asked: 4, flipped: 1, unanswered: 0 });
    expect(server.requests()).toHaveLength(5);
  });

  it("says how many traces it got no answer about", async () => {
    fault = (ask) => (ask === 1 ? { fault: "status", status: 400 } : null);
    const { stdout } = await calibrate("--rejudge", "4");

    expect(stdout).toMatch(/^changed its mind \(1 of 3\)/m);
    expect(stdout).toMatch(/^Asked again: 4 traces, 1 of them without an answer; cost 0\.\d{4} USD\.$/m);
  });

  it("compares with answers out of a file, too", async () => {
    const answers = [3, 4].map((number) =>
      JSON.stringify({ traceId: idOf(number), scorer: "groundedness", passed: false }),
    );
    writeFileSync(join(folder, "answers.jsonl"), answers.join("\n"));
    const { stdout } = await calibrate("--rejudge", "9", "--answers", "answers.jsonl");

    expect(stdout).toMatch(/^changed its mind \(1 of 2\)/m);
  });
});

async function withStore<Result>(use: (store: SqliteStore) => Promise<Result>): Promise<Result> {
  mkdirSync(join(folder, ".tracegate"), { recursive: true });
  const database = openDatabase(join(folder, ".tracegate"));
  const store = new SqliteStore(database);
  try {
    return await use(store);
  } finally {
    await store.close();
    database.close();
  }
}

function storeScores(): Promise<void> {
  const judge = judgeFromEnvironment(environment()) ?? expect.fail("no judge");
  const instrument = groundedness().instrument?.(judge) ?? "";
  return withStore(async (store) => {
    for (let number = 1; number <= TRACES; number++) {
      const traceId = idOf(number);
      const { summary, rootAttributes } = storedTrace(number);
      await store.saveScored({
        summary: { ...summary, traceId },
        scores: [scoreOf("groundedness", { kind: "judge", value: 1, metadata: { instrument } })],
        rootAttributes,
        payload:
          number === PURGED ? null : zstdCompressSync(run({ traceId, question: `Question ${number}?` })),
        sinks: [],
      });
    }
  });
}

/** All that the store has of the traces: scores, and the decisions about them. */
function storedScores(): Promise<unknown> {
  return withStore(async (store) => {
    const all = Array.from({ length: TRACES }, (_, index) => idOf(index + 1));
    return Promise.all(
      all.map(async (traceId) => [await store.trace(traceId), await store.ledger(traceId)] as const),
    );
  });
}
