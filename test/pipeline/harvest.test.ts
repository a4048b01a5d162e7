import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { Case } from "../../src/core/case.ts";
import { textMessage } from "../../src/core/message.ts";
import { readDataset } from "../../src/datasets/read-dataset.ts";
import { readRecording } from "../../src/datasets/recordings.ts";
import { acceptCase, rejectCase, retireCase } from "../../src/datasets/review.ts";
import { updateDataset } from "../../src/datasets/write-dataset.ts";
import { harvest, type ScoredInput } from "../../src/pipeline/harvest.ts";
import { temporaryFolders } from "../datasets/temporary-folder.ts";
import { ruleScore } from "./gate-fakes.ts";
import { failure } from "./harvest-failures.ts";

const newFolder = temporaryFolders();

function place(folder = newFolder()) {
  const datasetPath = join(folder, "cases.jsonl");
  const recordingsDirectory = join(folder, "recordings");
  return {
    datasetPath,
    recordingsDirectory,
    harvest: (traces: Iterable<ScoredInput>, only?: readonly string[]) =>
      harvest({ traces, datasetPath, recordingsDirectory, ...(only ? { only } : {}) }),
    cases: async () => (await readDataset(datasetPath)).dataset.cases,
    bytes: () => (existsSync(datasetPath) ? readFileSync(datasetPath, "utf8") : null),
  };
}

describe("a harvested case", () => {
  it("holds what the run started with, what was answered, who condemned it and why, and a recording", async () => {
    const at = place();
    const report = await at.harvest([failure(1)]);
    const [one] = await at.cases();
    expect(one).toEqual({
      v: 1,
      id: expect.stringMatching(/^[0-9a-f]{16}$/),
      input: { messages: [textMessage("user", "Where is order W1000001?")] },
      mustPass: ["tool-errors"],
      tags: [],
      source: {
        kind: "trace",
        traceId: "00000000000000000000000000000001",
        endedAt: "2026-11-20T00:00:01.500Z",
        service: "shop",
        agent: "support",
        agentVersion: "7",
        answer: "It has shipped.",
        condemned: [
          {
            scorer: "tool-errors",
            version: "1",
            value: 0,
            label: null,
            explanation: "get_order failed and was never tried again.",
          },
        ],
      },
      recording: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
    expect(report).toMatchObject({ traces: 1, failing: 1, added: [one?.id], skipped: [], blocked: [] });
    expect(await readRecording(at.recordingsDirectory, one?.recording ?? "")).toMatchObject({
      traceId: "00000000000000000000000000000001",
      toolCalls: [{ name: "get_order", error: "timeout" }],
    });
  });

  it("is made of failing scores only, by the scorer's own passAt; unscored is no failure", async () => {
    const at = place();
    const { trace } = failure(1);
    const strict = { ...ruleScore("strict", true), value: 0.7, passAt: 0.8 };
    const lenient = { ...ruleScore("lenient", true), value: 0.3, passAt: 0.2 };
    const report = await at.harvest([
      { trace, scores: [lenient, ruleScore("down", "provider-down")] },
      { trace: failure(2).trace, scores: [strict, lenient] },
    ]);
    expect(report).toMatchObject({ traces: 2, failing: 1 });
    expect((await at.cases()).map(({ mustPass }) => mustPass)).toEqual([["strict"]]);
  });

  it("takes the request on the root where no model call recorded its input", async () => {
    const at = place();
    await at.harvest([failure(1, { llmCalls: [], input: "Cancel it." })]);
    expect((await at.cases())[0]?.input.messages).toEqual([textMessage("user", "Cancel it.")]);
  });

  it("that cannot be tried again is reported with the reason, never dropped", async () => {
    const at = place();
    const report = await at.harvest([failure(1, { llmCalls: [{ model: "m" }], input: null, messages: [] })]);
    expect(report).toMatchObject({ failing: 1, added: [] });
    expect(report.skipped).toEqual([
      {
        traceId: "00000000000000000000000000000001",
        reason:
          "it records neither the messages of its first model call nor an input on its root, so there is nothing to try again",
      },
    ]);
  });

  it("is only of the scorers asked for", async () => {
    const at = place();
    const both = { ...failure(1), scores: [ruleScore("a", false), ruleScore("b", false)] };
    await at.harvest([both, failure(2)], ["b"]);
    expect((await at.cases()).map(({ mustPass }) => mustPass)).toEqual([["b"]]);
  });
});

describe("harvesting again", () => {
  it("the same traffic changes no byte, in the dataset or beside it", async () => {
    const at = place();
    const traffic = Array.from({ length: 20 }, (_, index) => failure(index + 1));
    await at.harvest(traffic);
    const before = at.bytes();
    const recordings = readdirSync(at.recordingsDirectory);
    utimesSync(at.datasetPath, 1, 1);
    const report = await at.harvest(traffic);
    expect(report.added).toEqual([]);
    expect(report.unchanged).toHaveLength(20);
    expect(at.bytes()).toBe(before);
    expect(statSync(at.datasetPath).mtimeMs).toBe(1_000);
    expect(readdirSync(at.recordingsDirectory)).toEqual(recordings);
    expect(recordings).toHaveLength(20);
  });

  it("gives the same bytes whatever order the traces come in", async () => {
    const traffic = [
      ...Array.from({ length: 8 }, (_, index) => failure(index % 5)),
      failure(2, {}, "right-order"),
      failure(7, { traceId: "ab".repeat(16) }),
    ];
    const reference = place();
    await reference.harvest(traffic);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(traffic, { minLength: traffic.length }), async (shuffled) => {
        const at = place();
        await at.harvest(shuffled);
        expect(at.bytes()).toBe(reference.bytes());
      }),
      { seed: 21, numRuns: 15 },
    );
  });

  it("takes the first of several traces with one question, by their start", async () => {
    const at = place();
    const { trace, scores } = failure(1);
    const later = { ...trace, traceId: "0".repeat(31).concat("a"), startTime: trace.startTime + 5_000 };
    await at.harvest([
      { trace: later, scores },
      { trace: { ...trace, traceId: "f".repeat(32) }, scores },
    ]);
    expect(await at.cases()).toMatchObject([{ source: { traceId: "f".repeat(32) } }]);
  });

  it("the same question from another trace is the same case", async () => {
    const at = place();
    const { trace, scores } = failure(1);
    await at.harvest([failure(1)]);
    const again = { ...trace, traceId: "cd".repeat(16), startTime: trace.startTime + 5_000 };
    const report = await at.harvest([{ trace: again, scores }]);
    expect(report).toMatchObject({ added: [], merged: [], unchanged: [expect.any(String)] });
  });

  it("never resets what was decided about a case", async () => {
    const at = place();
    const traffic = [1, 2, 3].map((number) => failure(number));
    await at.harvest(traffic);
    const decide = [acceptCase, rejectCase, retireCase];
    const decided = (cases: readonly Case[]) =>
      cases.map((one, index) => decide[index]?.(one, { at: 0, by: "ann" }) ?? one);
    await updateDataset(at.datasetPath, decided);
    const before = at.bytes();
    await at.harvest(traffic);
    expect(at.bytes()).toBe(before);
  });

  it("adds a further scorer to a case: before the review to what must pass, after it to the reasons only", async () => {
    const at = place();
    await at.harvest([failure(1), failure(2), failure(3)]);
    await updateDataset(at.datasetPath, ([first, second, ...rest]) => [
      ...(first ? [acceptCase(first, { at: 0 })] : []),
      ...(second ? [rejectCase(second, { at: 0 })] : []),
      ...rest,
    ]);
    const report = await at.harvest([1, 2, 3].map((number) => failure(number, {}, "right-order")));
    const cases = await at.cases();
    expect(cases.map(({ mustPass }) => mustPass)).toEqual([
      ["tool-errors"],
      ["tool-errors"],
      ["right-order", "tool-errors"],
    ]);
    const condemners = cases.map(({ source }) =>
      source.kind === "trace" ? source.condemned.map(({ scorer }) => scorer) : [],
    );
    expect(condemners).toEqual([
      ["right-order", "tool-errors"],
      ["tool-errors"],
      ["right-order", "tool-errors"],
    ]);
    expect(report).toMatchObject({ merged: [cases[0]?.id, cases[2]?.id], unchanged: [cases[1]?.id] });
    const before = at.bytes();
    await at.harvest([1, 2, 3].map((number) => failure(number, {}, "right-order")));
    expect(at.bytes()).toBe(before);
  });

  it("by two processes at once loses nothing", async () => {
    const folder = newFolder();
    const program = fileURLToPath(new URL("./add-harvest.ts", import.meta.url));
    const processes = [
      ["1", "16"],
      ["11", "26"],
    ].map((range) =>
      spawn(process.execPath, [program, folder, ...range], { stdio: ["ignore", "ignore", "inherit"] }),
    );
    const exits = await Promise.all(processes.map((child) => once(child, "exit")));
    expect(exits.map(([code]) => code)).toEqual([0, 0]);
    const cases = await place(folder).cases();
    expect(cases).toHaveLength(25);
    expect(readdirSync(folder).toSorted()).toEqual(["cases.jsonl", "recordings"]);
    for (const { recording = "" } of cases) {
      expect((await readRecording(join(folder, "recordings"), recording)).v).toBe(1);
    }
  });
});

describe("what must not get into git", () => {
  const key = `sk-ant-api03-${"aB3dE5fG7hJ9".repeat(7)}`;

  it.each([
    ["the question", { llmCalls: [], input: `My key is ${key}` }],
    ["the answer", { output: `Use ${key}` }],
    ["a tool's result", { toolCalls: [{ name: "env", result: { dump: [`KEY=${key}`] } }] }],
    ["a tool's error", { toolCalls: [{ name: "env", error: { type: "Error", message: `bad key ${key}` } }] }],
  ])("a key in %s stops the case, with a message that names the place and not the key", async (_, sketch) => {
    const at = place();
    const report = await at.harvest([failure(1, sketch), failure(2)]);
    expect(report.added).toHaveLength(1);
    expect(report.blocked).toHaveLength(1);
    expect(report.blocked[0]?.message).toMatch(
      /^Case [0-9a-f]{16} of trace 0{31}1: \S+ holds what looks like a credential \(rule anthropic-key, \d+ characters\)/,
    );
    const written = readdirSync(at.recordingsDirectory).map((name) =>
      readFileSync(join(at.recordingsDirectory, name), "utf8"),
    );
    for (const text of [at.bytes() ?? "", JSON.stringify(report), ...written])
      expect(text).not.toContain(key);
  });

  it("a password that looks like a part of a mail address is seen before it is replaced as one", async () => {
    const at = place();
    const report = await at.harvest([
      failure(1, { output: "It uses postgres://shop:aB3dE5fG7hJ9@db.mail.example/orders now." }),
    ]);
    expect(report).toMatchObject({
      added: [],
      blocked: [{ message: expect.stringContaining("password-in-url") }],
    });
    expect(at.bytes()).toBeNull();
  });

  it("personal data is replaced everywhere by the same mark, and counted; ids stay", async () => {
    const at = place();
    const report = await at.harvest([
      failure(1, {
        llmCalls: [],
        input: "I am ann@mail.example, order W2378156.",
        output: "Sent to ann@mail.example.",
        toolCalls: [
          {
            name: "find",
            arguments: { email: "ann@mail.example" },
            result: { order: "W2378156", error: null },
          },
        ],
      }),
    ]);
    const text = `${at.bytes()}${readdirSync(at.recordingsDirectory).map((name) => readFileSync(join(at.recordingsDirectory, name), "utf8"))}`;
    expect(text).not.toContain("ann@mail");
    expect(text.match(/W2378156/g)).toHaveLength(2);
    expect(text.match(/\[email-1\]/g)).toHaveLength(3);
    expect(report.redactions).toEqual({ email: 3 });
  });
});
