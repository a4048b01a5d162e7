import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { trustedJudges } from "../../src/app/trusted-judges.ts";
import { parseConfig } from "../../src/config/parse-config.ts";
import type { Score } from "../../src/core/score.ts";
import { groundedness } from "../../src/judges/built-in/groundedness.ts";
import { judgeFromEnvironment } from "../../src/judges/default-judge.ts";
import { openai } from "../../src/judges/openai.ts";
import { type ModelServer, startModelServer } from "../../src/llmwire/model-server.ts";
import { openDatabase } from "../../src/store/open-database.ts";
import { SqliteStore } from "../../src/store/sqlite-store.ts";
import { scoreOf, storedTrace } from "../contracts/stored-trace.ts";
import { obedientReply } from "../judges/obedient-model.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";
import { runCli } from "./run-cli.ts";

const VERDICTS = "../shared/data/judge_verdicts.jsonl";
const folder = temporaryFolder();
const at = (name: string) => join(folder.path, name);
let server: ModelServer;

beforeAll(async () => {
  server = await startModelServer({
    reply: (request) => obedientReply(request, { pass: "yes", fail: "no" }),
  });
});
afterAll(async () => {
  await server.close();
  folder.remove();
});

const calibrate = (...args: readonly string[]) =>
  runCli(["judge", "calibrate", ...args], {
    cwd: folder.path,
    env: environment(),
  });
const environment = () => ({ OPENAI_API_KEY: "test-key", OPENAI_BASE_URL: server.openaiBaseUrl });

describe("judge calibrate on recorded answers", () => {
  it.skipIf(!existsSync(VERDICTS))(
    `reproduces what is known of gpt-4o with four prompts (skipped without ${VERDICTS})`,
    async () => {
      const verdicts = readFileSync(VERDICTS, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
      const lines = (make: (verdict: (typeof verdicts)[number]) => object) =>
        verdicts.map((verdict) => JSON.stringify(make(verdict))).join("\n");
      const common = (one: { trace_id: string; judge_prompt: string }) => ({
        traceId: one.trace_id,
        scorer: one.judge_prompt,
      });
      writeFileSync(
        at("truth.jsonl"),
        lines((one) => ({ ...common(one), passed: one.truth === "pass" })),
      );
      const answer = (one: (typeof verdicts)[number]) => ({
        ...common(one),
        passed: one.verdict === "pass",
        costUsd: one.cost_usd,
      });
      writeFileSync(at("gpt-4o.jsonl"), lines(answer));

      const { exitCode, stdout } = await calibrate(
        ...["--labels", "truth.jsonl", "--answers", "gpt-4o.jsonl", "--format", "json"],
      );

      expect(exitCode).toBe(0);
      const found: Found[] = JSON.parse(stdout);
      const figures = Object.fromEntries(
        found.map(({ scorer, rates, kappa }) => [
          scorer,
          [rates.trueFailRate.value, 1 - rates.truePassRate.value, rates.agreement.value, kappa.value],
        ]),
      );
      // The table of ../shared/data/README.md: catch, false alarm, agree, kappa. It rounds two kappas (0.3347, 0.3850) up.
      const table = {
        customer_outcome: [0.44, 0.15, 0.61, 0.26],
        policy_chain_of_thought: [0.54, 0.19, 0.66, 0.34],
        policy_conversation: [0.68, 0.29, 0.69, 0.39],
        quick_triage: [0.53, 0.02, 0.72, 0.47],
      };
      const within = (row: readonly number[]) =>
        row.map((value) => expect.toSatisfy((got: number) => Math.abs(got - value) < 0.0055));
      expect(figures).toEqual(
        Object.fromEntries(Object.entries(table).map(([name, row]) => [name, within(row)])),
      );
      expect(found.every(({ missing }) => missing.length > 0)).toBe(true);
    },
  );
});

describe("judge calibrate on what the store has", () => {
  const judge = () => judgeFromEnvironment(environment()) ?? expect.fail("no judge");

  beforeAll(async () => {
    const instrument = groundedness().instrument?.(judge()) ?? "";
    await storeScores(120, (number) => ({
      // Right on 114 of 120: every twentieth is wrong, on either side.
      value: (number % 2 === 0) !== number % 20 < 1 ? 1 : 0,
      metadata: { instrument, costUsd: 0.002 },
    }));
    const labels = Array.from({ length: 120 }, (_, number) => ({
      traceId: traceIdOf(number),
      scorer: "groundedness",
      passed: number % 2 === 0,
      reviewer: "ana",
    }));
    writeFileSync(at("labels.jsonl"), labels.map((label) => JSON.stringify(label)).join("\n"));
  });

  it("prints what it found and what keeps the judge from gating", async () => {
    const { exitCode, stdout } = await calibrate("--labels", "labels.jsonl");

    expect(exitCode).toBe(0);
    expect(stdout).toContain("groundedness: 120 traces judged by both a person and the judge");
    expect(stdout).toMatch(/^person: pass +54 +6$/m);
    expect(stdout).toMatch(/^person: fail +0 +60$/m);
    expect(stdout).toMatch(/^cost of 1,000 answers, USD +2\.00/m);
    expect(stdout).toContain("It reports only; it does not gate. What is missing:");
    expect(stdout).toContain("nobody knows how often it changes its mind: run with --rejudge 50");
  });

  it("leaves out answers that another version of the judge gave", async () => {
    const other = at("other");
    mkdirSync(other);
    writeFileSync(join(other, "tracegate.config.ts"), configText("a question of its own"));
    const { stdout } = await runCli(
      ["judge", "calibrate", "--labels", at("labels.jsonl"), "--config", "other/tracegate.config.ts"],
      {
        cwd: folder.path,
        env: environment(),
      },
    );

    expect(stdout).toContain("left out: 120 labelled traces without an answer of this version");
  });

  it("lets the judge block once everything is shown, and only that version of it", async () => {
    const config = parseConfig({ scorers: [groundedness()] }, "test");
    expect(
      (await trustedJudges(config, folder.path, { scorers: [groundedness()], judge: judge() })).trust,
    ).toEqual([]);
    const folderOf = at("evals/calibration");
    const check = await runCli(["judge", "check", "--save"], {
      cwd: folder.path,
      env: environment(),
    });
    expect(check.stdout).toContain("attacks.json; commit it.");
    await calibrate("--labels", "labels.jsonl", "--save");
    const path = join(folderOf, "scorer.groundedness.json");
    const saved = JSON.parse(readFileSync(path, "utf8"));
    expect(saved.confusion).toEqual({ truePass: 54, falsePass: 0, trueFail: 60, falseFail: 6 });

    const before = await trustedJudges(config, folder.path, { scorers: [groundedness()], judge: judge() });
    expect(before.advisory).toEqual([expect.stringContaining("changes its mind")]);
    writeFileSync(path, JSON.stringify({ ...saved, rejudged: { asked: 50, flipped: 1 } }));
    const after = await trustedJudges(config, folder.path, { scorers: [groundedness()], judge: judge() });
    expect(after).toEqual({ trust: ["groundedness"], advisory: [] });
    const another = { scorers: [groundedness()], judge: openai({ model: "gpt-5.4-mini" }) };
    expect((await trustedJudges(config, folder.path, another)).advisory).toEqual([
      expect.stringContaining("is of another version"),
    ]);
  });

  it("says which lines of a label file are wrong", async () => {
    writeFileSync(at("bad.jsonl"), '{"traceId": "1", "scorer": "groundedness", "passed": true}\nnot json\n');
    const { exitCode, stderr } = await calibrate("--labels", "bad.jsonl");

    expect(exitCode).toBe(1);
    expect(stderr).toContain("bad.jsonl:1: traceId: must be 32 lower-case hex digits");
    expect(stderr).toContain("bad.jsonl:2:");
  });
});

interface Found {
  readonly scorer: string;
  readonly rates: Record<"trueFailRate" | "truePassRate" | "agreement", { readonly value: number }>;
  readonly kappa: { readonly value: number };
  readonly missing: readonly string[];
}

function traceIdOf(number: number): string {
  return (number + 1).toString(16).padStart(32, "0");
}

function configText(question: string): string {
  return `import { defineConfig, defineJudge } from "tracegate";
export default defineConfig({
  scorers: [defineJudge("groundedness", { question: ${JSON.stringify(question)}, labels: { yes: 1, no: 0 } })],
});
`;
}

/** Stores so many traces, each with a score of groundedness. */
async function storeScores(size: number, score: (number: number) => Partial<Score>): Promise<void> {
  const database = openDatabase(join(folder.path, ".tracegate"));
  const store = new SqliteStore(database);
  for (let number = 0; number < size; number++) {
    const scores = [scoreOf("groundedness", { kind: "judge", ...score(number) })];
    const { summary, payload, rootAttributes } = storedTrace(number + 1, { scores });
    await store.saveScored({ summary, scores, rootAttributes, payload, sinks: [] });
  }
  await store.close();
  database.close();
}
