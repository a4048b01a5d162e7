import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { ModelRequest } from "../../src/llmwire/model-request.ts";
import { startModelServer } from "../../src/llmwire/model-server.ts";
import { otlp } from "../../src/testing/spans.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";
import { asJson, idOf, run, sketchOf } from "./agent-traces.ts";
import { type CliOptions, type CliResult, MAIN, runCli } from "./run-cli.ts";

const folder = temporaryFolder();
const good = run({ traceId: idOf(1) });
const bad = run({ traceId: idOf(2), toolError: "timeout" });

function write(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder.path, name), content);
  return name;
}

function score(args: readonly string[], options: Omit<CliOptions, "cwd"> = {}): Promise<CliResult> {
  return runCli(["score", ...args], { cwd: folder.path, ...options });
}

interface PrintedScore {
  readonly name: string;
  readonly value: number | null;
  readonly label: string | null;
  readonly explanation: string | null;
  readonly unscored: { readonly code: string } | null;
}

/** The lines of `--format jsonl`. */
function lines({
  stdout,
}: CliResult): { readonly traceId: string; readonly scores: readonly PrintedScore[] }[] {
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

beforeAll(() => {
  write("good.pb", good);
  write("bad.json", asJson(bad));
});
afterAll(() => folder.remove());

describe("score", () => {
  it("prints the failing scores and a line per scorer as a table", async () => {
    const result = await score(["good.pb", "bad.json"]);
    expect(result.stderr).toBe("");
    expect(result.exitCode).toBe(0);
    expect(result.stdout).toBe(`\
TRACE         AGENT       SCORER       SCORE        WHY
000002aaaaaa  shop-agent  tool-errors  unrecovered  1 tool error(s) without recovery, the first from get_order: timeout. Nothing the agent told the user mentions it.

SCORER                 PASSED  FAILED  UNSCORED
tool-errors                 1       1
retry-loop                  2       0
unsupported-claim           2       0
finish-reason               2       0
no-final-answer             2       0
budget                      2       0
groundedness                0       0  2 no-key
instruction-following       0       0  2 no-key

2 traces, 1 with a failing score
no-key: set OPENAI_API_KEY or ANTHROPIC_API_KEY to have the judges answer
`);
  });

  it("prints an array with --format json, one object too", async () => {
    const { stdout, exitCode } = await score(["good.pb", "--format", "json"]);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([{ traceId: idOf(1), scores: expect.any(Array) }]);
  });

  it("reads protobuf, JSON, gzip, zstd and standard input, and prints a line per trace in their order", async () => {
    write("three.pb.gz", gzipSync(run({ traceId: idOf(3) })));
    write("four.json.zst", zstdCompressSync(asJson(run({ traceId: idOf(4) }))));
    write("five.json.gz", gzipSync(JSON.stringify(JSON.parse(asJson(run({ traceId: idOf(5) }))), null, 2)));
    const files = ["good.pb", "bad.json", "three.pb.gz", "four.json.zst", "five.json.gz", "-"];
    const stdin = `${asJson(run({ traceId: idOf(6) }))}\n${asJson(run({ traceId: idOf(7) }))}\n`;
    const result = await score([...files, "--format", "jsonl"], { stdin });
    expect(result.exitCode).toBe(0);
    expect(lines(result).map(({ traceId }) => traceId)).toEqual([1, 2, 3, 4, 5, 6, 7].map(idOf));
    const [first] = lines(result);
    expect(Object.keys(first ?? {})).toEqual(["traceId", "scores"]);
    expect(first?.scores.find(({ name }) => name === "budget")).toMatchObject({ value: 1, unscored: null });
  });

  it("joins the spans of one trace that lie in two files", async () => {
    const sketch = sketchOf({ traceId: idOf(8), toolError: "timeout" });
    const [root] = sketch.spans;
    const { children = [], ...alone } = root;
    write("root.pb", otlp({ ...sketch, spans: [{ ...alone, spanId: "00000000000000ff" }] }));
    const parentSpanId = "00000000000000ff";
    const parts = children.map((child) => ({ ...child, parentSpanId }));
    write("children.pb", otlp({ ...sketch, spans: parts }));
    const result = await score(["children.pb", "root.pb", "--format", "jsonl"]);
    expect(lines(result)).toHaveLength(1);
    expect(lines(result)[0]?.scores[0]).toMatchObject({ name: "tool-errors", value: 0 });
  });

  it("scores what can be read, names file and line of what cannot, and ends with 1", async () => {
    write("mixed.jsonl", `${asJson(good)}\n{"resourceSpans": [{]}\n${asJson(bad)}\n`);
    write("cut.json.gz", gzipSync(asJson(good)).subarray(0, 200));
    const result = await score(["mixed.jsonl", "cut.json.gz", "missing.json", ".", "--format", "jsonl"]);
    expect(result.exitCode).toBe(1);
    expect(lines(result).map(({ traceId }) => traceId)).toEqual([idOf(1), idOf(2)]);
    const problems = result.stderr.trim().split("\n");
    expect(problems).toEqual([
      "mixed.jsonl:2: Not JSON: It breaks off. Write one whole request per line.",
      "cut.json.gz: the gzip data is broken: unexpected end of file. Check that the file is complete.",
      "missing.json is not there. Check the path.",
      ". is a folder. Name the files in it, e.g. with *.jsonl.",
    ]);
  });

  it("ends with 1 when there is no trace in the input", async () => {
    const result = await score(["-"]);
    expect(result).toEqual({ exitCode: 1, stdout: "", stderr: "No trace was found in the input.\n" });
  });

  it("ends quietly when the reader of its output leaves", async () => {
    write(
      "many.jsonl",
      Array.from({ length: 400 }, (_, index) => asJson(run({ traceId: idOf(100 + index) }))).join("\n"),
    );
    const command = `"$0" "$1" score many.jsonl --format jsonl | head -1; echo "\${PIPESTATUS[0]}"`;
    const child = spawn("bash", ["-c", command, process.execPath, MAIN], { cwd: folder.path });
    const [stdout, stderr]: [string[], string[]] = [[], []];
    child.stdout.setEncoding("utf8").on("data", (text) => stdout.push(text));
    child.stderr.setEncoding("utf8").on("data", (text) => stderr.push(text));
    await once(child, "close");
    expect(stderr.join("")).toBe("");
    const [line = "", status] = stdout.join("").split("\n");
    expect(JSON.parse(line)).toMatchObject({ traceId: idOf(100) });
    expect(status).toBe("0");
  });
});

describe("judges in score", () => {
  it("are unscored with the reason and the remedy without a key, and the rules score all the same", async () => {
    const result = await score(["bad.json", "--format", "jsonl"]);
    const [trace] = lines(result);
    const judge = trace?.scores.find(({ name }) => name === "instruction-following");
    expect(judge).toMatchObject({ value: null, label: null, unscored: { code: "no-key" } });
    expect(judge?.explanation).toContain("OPENAI_API_KEY");
    expect(trace?.scores.find(({ name }) => name === "tool-errors")).toMatchObject({
      value: 0,
      unscored: null,
    });
  });

  it("ask the model at OPENAI_BASE_URL when there is a key", async () => {
    const server = await startModelServer({ reply: firstLabel });
    const env = { OPENAI_API_KEY: "test", OPENAI_BASE_URL: server.openaiBaseUrl };
    const result = await score(["good.pb", "--format", "jsonl"], { env }).finally(() => server.close());
    expect(result.stderr).toBe("");
    const judged = lines(result)[0]?.scores.filter(({ name }) => /groundedness|instruction/.test(name));
    expect(judged).toHaveLength(2);
    for (const one of judged ?? []) expect(one).toMatchObject({ unscored: null, explanation: "Simulated." });
    expect(server.requests()).toHaveLength(2);
  });
});

/** Answers a judge's question with the first label it offers. */
function firstLabel(request: ModelRequest) {
  const offered = /"label":\{[^}]*?"enum":\["([^"]+)"/.exec(JSON.stringify(request))?.[1] ?? "unknown";
  return { text: JSON.stringify({ label: offered, rationale: "Simulated.", evidence: [] }) };
}
