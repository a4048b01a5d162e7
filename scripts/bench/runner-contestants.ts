/** How many cases, how slow the agent, how many at once. */
export interface Cell {
  readonly cases: number;
  readonly latencyMs: number;
  readonly concurrency: number;
}

/** One way to try cases, in the form its own documentation shows. */
export interface Contestant {
  readonly name: string;
  /** Folder below the scratch folder; contestants may share one. */
  readonly folder: string;
  /** Packages to install there, pinned. Ours is built from the source instead. */
  readonly packages: { readonly [name: string]: string };
  /** Files to write before a run of this cell, by path in the folder. */
  readonly files: (cell: Cell) => { readonly [path: string]: string };
  /** The program in the folder, and its arguments. */
  readonly program: string;
  readonly args: (cell: Cell) => readonly string[];
  readonly env?: { readonly [name: string]: string };
  /** File with the results of every case, which it writes; how many passed is read from it. */
  readonly report: string;
  readonly passed: (report: string) => number;
}

/** The same agent and the same check for everybody. */
const AGENT = `
const ms = Number(process.env.AGENT_MS);
export async function answer(question) {
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
  return "The answer to: " + question;
}
export const isAnswer = (text) => text.startsWith("The answer to: ");
`;

function questions({ cases }: Cell): readonly string[] {
  return Array.from({ length: cases }, (_, index) => `Question number ${index}?`);
}

function lines(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join("");
}

interface GateReportShape {
  readonly run: { readonly results: readonly { readonly scores: readonly { readonly value: number }[] }[] };
}

function passedInGate(text: string): number {
  const { run }: GateReportShape = JSON.parse(text);
  return run.results.filter(({ scores }) => scores.length === 1 && scores[0]?.value === 1).length;
}

function tracegate(name: string, agent: string, isolation: "thread" | "process"): Contestant {
  return {
    name,
    folder: "tracegate",
    packages: {},
    files: (cell) => ({
      "agent.js": AGENT,
      "task.js": agent,
      "cases.jsonl": lines(
        questions(cell).map((input, index) => ({
          id: `case-${index}`,
          input,
          review: { decision: "accepted" },
        })),
      ),
      "tracegate.config.js": `
import { defineConfig, defineScorer, moduleTask } from "tracegate";
import { isAnswer } from "./agent.js";
export default defineConfig({
  scorers: [defineScorer("is-answer", ({ trace }) => isAnswer(trace.output ?? ""))],
  gate: {
    task: moduleTask({ path: "task.js", isolation: ${JSON.stringify(isolation)} }),
    datasets: ["cases.jsonl"],
    concurrency: ${cell.concurrency},
  },
});
`,
    }),
    program: "node_modules/tracegate/dist/cli/main.js",
    args: () => ["gate", "--report", "report.json"],
    report: "report.json",
    passed: passedInGate,
  };
}

const PLAIN = `
import { answer } from "./agent.js";
export default (one) => answer(one.input.messages[0].parts[0].content);
`;

/** Sends one span per trial, as a small instrumentation would. */
const TRACED = `
import { answer } from "./agent.js";
const text = (key, value) => ({ key, value: { stringValue: value } });
export default async (one, { endpoint, traceparent }) => {
  const question = one.input.messages[0].parts[0].content;
  const begun = Date.now();
  const output = await answer(question);
  const [, traceId, parentSpanId] = traceparent.split("-");
  const span = {
    traceId,
    spanId: crypto.randomUUID().replaceAll("-", "").slice(0, 16),
    parentSpanId,
    flags: 0x301,
    name: "invoke_agent bench",
    kind: 1,
    startTimeUnixNano: begun + "000000",
    endTimeUnixNano: Date.now() + "000000",
    attributes: [
      text("gen_ai.operation.name", "invoke_agent"),
      text("gen_ai.input.messages", JSON.stringify([{ role: "user", parts: [{ type: "text", content: question }] }])),
      text("gen_ai.output.messages", JSON.stringify([{ role: "assistant", parts: [{ type: "text", content: output }] }])),
      { key: "tracegate.trace.complete", value: { boolValue: true } },
    ],
  };
  const body = JSON.stringify({ resourceSpans: [{ resource: { attributes: [text("service.name", "bench")] }, scopeSpans: [{ scope: { name: "bench" }, spans: [span] }] }] });
  const response = await fetch(endpoint + "/v1/traces", { method: "POST", headers: { "content-type": "application/json" }, body });
  await response.arrayBuffer();
};
`;

/** Our own: the peers' equal first. */
export const OWN: readonly Contestant[] = [
  tracegate("tracegate", PLAIN, "thread"),
  tracegate("tracegate, with spans", TRACED, "thread"),
];

/** The default, where every trial has a process of its own: no peer does that, so it is shown beside the table. */
export const ISOLATED = tracegate("tracegate, a process per trial", PLAIN, "process");

const promptfoo: Contestant = {
  name: "promptfoo",
  folder: "promptfoo",
  packages: { promptfoo: "0.123.1" },
  files: (cell) => ({
    "agent.mjs": AGENT,
    "provider.mjs": `
import { answer } from "./agent.mjs";
export default class {
  id() { return "agent"; }
  async callApi(prompt) { return { output: await answer(prompt) }; }
}
`,
    "promptfooconfig.yaml":
      'prompts: ["{{question}}"]\nproviders: ["file://provider.mjs"]\ntests: file://tests.json\n',
    "tests.json": JSON.stringify(
      questions(cell).map((question) => ({
        vars: { question },
        assert: [{ type: "starts-with", value: "The answer to: " }],
      })),
    ),
  }),
  program: "node_modules/promptfoo/dist/src/entrypoint.js",
  // Its fastest form that keeps results: a file, and neither its database nor a table on the terminal.
  args: ({ concurrency }) => [
    "eval",
    "--no-cache",
    "--no-write",
    "--no-table",
    "--no-progress-bar",
    "-j",
    String(concurrency),
    "-o",
    "report.json",
  ],
  env: {
    PROMPTFOO_DISABLE_TELEMETRY: "1",
    PROMPTFOO_DISABLE_UPDATE: "1",
    PROMPTFOO_CONFIG_DIR: ".promptfoo",
  },
  report: "report.json",
  passed: (text) => JSON.parse(text).results.stats.successes,
};

const evalite: Contestant = {
  name: "evalite",
  folder: "evalite",
  packages: { evalite: "0.19.0", vitest: "4.1.12" },
  files: (cell) => ({
    "agent.mjs": AGENT,
    "cases.jsonl": lines(questions(cell)),
    "bench.eval.ts": `
import { readFileSync } from "node:fs";
import { evalite } from "evalite";
import { answer, isAnswer } from "./agent.mjs";
evalite("bench", {
  data: readFileSync("cases.jsonl", "utf8").trim().split("\\n").map((line) => ({ input: JSON.parse(line) })),
  task: (input) => answer(input),
  scorers: [{ name: "is-answer", scorer: ({ output }) => (isAnswer(output) ? 1 : 0) }],
});
`,
    // In memory is the faster of its two stores.
    "evalite.config.ts": `
import { defineConfig } from "evalite/config";
import { createInMemoryStorage } from "evalite/in-memory-storage";
export default defineConfig({ storage: () => createInMemoryStorage(), maxConcurrency: ${cell.concurrency} });
`,
  }),
  program: "node_modules/evalite/dist/bin.js",
  args: () => ["run", "--hideTable", "--outputPath", "report.json"],
  report: "report.json",
  passed(text) {
    const report: {
      evals: { results: { scores: { score: number }[] }[] }[];
    } = JSON.parse(text);
    const results = report.evals.flatMap(({ results }) => results);
    return results.filter(({ scores }) => scores.length === 1 && scores[0]?.score === 1).length;
  },
};

const vitestEvals: Contestant = {
  name: "vitest-evals",
  folder: "vitest-evals",
  packages: { "vitest-evals": "0.16.1", vitest: "4.1.12", ai: "6.0.326", tinyrainbow: "3.2.0", zod: "4.6.7" },
  files: (cell) => ({
    "agent.mjs": AGENT,
    "cases.jsonl": lines(questions(cell)),
    "bench.eval.mjs": `
import { readFileSync } from "node:fs";
import { createHarness, createJudge, describeEval } from "vitest-evals";
import { answer, isAnswer } from "./agent.mjs";
const cases = readFileSync("cases.jsonl", "utf8").trim().split("\\n").map((line, index) => ({ id: "case-" + index, input: JSON.parse(line) }));
const harness = createHarness({
  name: "agent",
  run: async ({ input }) => {
    const output = await answer(input);
    const message = (role, content) => ({ type: "message", role, content });
    return { output, events: [message("user", input), message("assistant", output)], usage: {} };
  },
});
const judge = createJudge("is-answer", async ({ output }) => ({ score: isAnswer(output) ? 1 : 0 }));
describeEval("bench", { harness, judges: [judge], judgeThreshold: 1 }, (it) => {
  it.for(cases)("$id", async ({ input }, { run }) => {
    await run(input);
  });
});
`,
    "vitest.config.mjs": `
export default {
  test: {
    include: ["*.eval.mjs"],
    sequence: { concurrent: ${cell.concurrency > 1} },
    maxConcurrency: ${cell.concurrency},
    reporters: ["vitest-evals/reporter", ["json", { outputFile: "report.json" }]],
  },
};
`,
  }),
  program: "node_modules/vitest/vitest.mjs",
  args: () => ["run"],
  report: "report.json",
  passed: (text) => JSON.parse(text).numPassedTests,
};

/** The peers. */
export const PEERS: readonly Contestant[] = [promptfoo, evalite, vitestEvals];
