import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, describe, expect, it } from "vitest";

import { startUp } from "../../scripts/bench/up-process.ts";
import { traceReader } from "../../src/app/trace-reader.ts";
import { defaultConfig } from "../../src/config/parse-config.ts";
import type { Question } from "../../src/core/judge.ts";
import { textOf } from "../../src/core/message.ts";
import { defineJudge } from "../../src/judges/define-judge.ts";
import { withoutNonce } from "../../src/judges/fence.ts";
import type { ModelRequest } from "../../src/llmwire/model-request.ts";
import { startModelServer } from "../../src/llmwire/model-server.ts";
import { readSpans } from "../../src/otlp/read-spans.ts";
import { readTraceBodies } from "../../src/otlp/read-trace-bodies.ts";
import { scriptedJudge } from "../../src/testing/scripted-judge.ts";
import { runCli } from "../cli/run-cli.ts";

const DATA = resolve(import.meta.dirname, "../../../shared/data");
const TRACES = join(DATA, "traces.tau.jsonl.gz");
const VERDICTS = join(DATA, "judge_verdicts.jsonl");
const ABSENT = existsSync(TRACES) && existsSync(VERDICTS) ? "" : " (skipped: ../shared/data is not there)";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** One recorded verdict of gpt-4o. */
interface Recorded {
  readonly trace_id: string;
  readonly judge_prompt: string;
  readonly verdict: "pass" | "fail";
  readonly truth: "pass" | "fail";
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
}

/** Scorers by the names of the recorded prompts; a name of ours has hyphens. */
function scorerName(prompt: string): string {
  return prompt.replaceAll("_", "-");
}

const judgeOptions = (prompt: string) => ({
  question: `Recorded prompt ${prompt}: did the run succeed?`,
  labels: { pass: 1, fail: 0 },
});

describe("recorded answers served as a provider", () => {
  it.skipIf(ABSENT)(`give the numbers of the recording when the whole worker asks${ABSENT}`, async () => {
    const recorded: Recorded[] = readFileSync(VERDICTS, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const prompts = [...new Set(recorded.map(({ judge_prompt }) => judge_prompt))];
    const { bodies, answers } = await prepare(recorded, prompts);
    const unknown: string[] = [];
    const server = await startModelServer({
      reply(request) {
        const found = answers.get(keyOf(request));
        if (found === undefined) unknown.push(keyOf(request).slice(0, 200));
        const { verdict = "fail", prompt_tokens = 0, completion_tokens = 0 } = found ?? {};
        return {
          text: JSON.stringify({ rationale: "As recorded.", evidence: [], label: verdict }),
          usage: { inputTokens: prompt_tokens, outputTokens: completion_tokens },
          model: "gpt-4o-2024-11-20",
        };
      },
    });
    cleanups.push(() => server.close());
    const folder = mkdtempSync(join(tmpdir(), "tracegate-recorded-"));
    cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, "tracegate.config.ts"), configText(prompts, server.openaiBaseUrl));
    process.env.OPENAI_API_KEY = "test-key";
    const up = await startUp(folder, ["--port", "0", "--grpc-port", "0"]);
    cleanups.push(() => up.kill());

    for (const body of bodies) {
      const headers = { "content-type": "application/x-protobuf" };
      const answer = await fetch(`${up.url}/v1/traces`, { method: "POST", headers, body });
      expect(answer.status).toBe(200);
    }
    await up.waitFor(bodies.length);
    await up.stop();

    expect(unknown).toEqual([]);
    expect(server.requests()).toHaveLength(recorded.length);
    expect(await figures(folder, recorded)).toEqual(tableOfTheRecording());
  });
});

/** The bodies of the judged traces, and the recorded verdict by the very question that is asked. */
async function prepare(recorded: readonly Recorded[], prompts: readonly string[]) {
  const wanted = Map.groupBy(recorded, ({ trace_id }) => trace_id);
  const answers = new Map<string, Recorded>();
  const bodies: Uint8Array<ArrayBuffer>[] = [];
  const read = traceReader(defaultConfig());
  for await (const body of readTraceBodies(createReadStream(TRACES), TRACES)) {
    if ("error" in body) throw body.error;
    const spans = readSpans(body.bytes);
    const verdicts = wanted.get(spans[0]?.traceId ?? "") ?? [];
    if (verdicts.length === 0) continue;
    bodies.push(new Uint8Array(body.bytes));
    const trace = read(spans);
    for (const prompt of prompts) {
      const question = await questionFor(prompt, trace);
      const verdict = verdicts.find(({ judge_prompt }) => judge_prompt === prompt);
      if (question && verdict) answers.set(withoutNonce(question.content), verdict);
    }
  }
  return { bodies, answers };
}

/** What the scorer of a prompt would ask about a trace. */
async function questionFor(
  prompt: string,
  trace: ReturnType<ReturnType<typeof traceReader>>,
): Promise<Question | undefined> {
  const judge = scriptedJudge(() => "pass");
  const scorer = defineJudge(scorerName(prompt), judgeOptions(prompt));
  await scorer.score({ trace }, { signal: AbortSignal.timeout(60_000), judge });
  return judge.questions()[0];
}

function keyOf(request: ModelRequest): string {
  const users = request.messages.filter(({ role }) => role === "user");
  return withoutNonce(users.map(textOf).join(""));
}

function configText(prompts: readonly string[], baseURL: string): string {
  const scorers = prompts.map(
    (prompt) => `defineJudge(${JSON.stringify(scorerName(prompt))}, ${JSON.stringify(judgeOptions(prompt))})`,
  );
  return `import { defineConfig, defineJudge, openai } from "tracegate";
export default defineConfig({
  judge: openai({ model: "gpt-4o-2024-11-20", baseURL: ${JSON.stringify(baseURL)} }),
  scorers: [${scorers.join(", ")}],
  completion: { afterRootMs: 100 },
  sampling: false,
  // The recorded questions were asked about the texts as they were.
  privacy: { redact: { judge: false } },
});
`;
}

/** Catch, false alarms, agreement and kappa per prompt, as `tracegate judge calibrate` finds them in the store. */
async function figures(folder: string, recorded: readonly Recorded[]) {
  const labels = recorded.map((one) =>
    JSON.stringify({
      traceId: one.trace_id,
      scorer: scorerName(one.judge_prompt),
      passed: one.truth === "pass",
    }),
  );
  writeFileSync(join(folder, "truth.jsonl"), labels.join("\n"));
  const args = ["judge", "calibrate", "--labels", "truth.jsonl", "--format", "json"];
  const { stdout, stderr } = await runCli(args, { cwd: folder, env: { OPENAI_API_KEY: "test-key" } });
  expect(stderr).toBe("");
  const found: {
    scorer: string;
    pairs: number;
    confusion: { truePass: number; falsePass: number; trueFail: number; falseFail: number };
  }[] = JSON.parse(stdout);
  return Object.fromEntries(found.map(({ scorer, pairs, confusion }) => [scorer, { pairs, ...confusion }]));
}

/** Counted from the recording by hand; they give the rates in the README of the data. */
function tableOfTheRecording() {
  return {
    "customer-outcome": { pairs: 137, truePass: 50, falseFail: 9, falsePass: 44, trueFail: 34 },
    "policy-chain-of-thought": { pairs: 137, truePass: 48, falseFail: 11, falsePass: 36, trueFail: 42 },
    "policy-conversation": { pairs: 137, truePass: 42, falseFail: 17, falsePass: 25, trueFail: 53 },
    "quick-triage": { pairs: 137, truePass: 58, falseFail: 1, falsePass: 37, trueFail: 41 },
  };
}
