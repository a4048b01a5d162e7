import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { makeRecording } from "../../src/datasets/make-recording.ts";
import { readRecording, writeRecording } from "../../src/datasets/recordings.ts";
import { makeRedactor } from "../../src/datasets/redact.ts";
import { makeTrace } from "../../src/testing/make-trace.ts";
import { temporaryFolders } from "./temporary-folder.ts";

const newFolder = temporaryFolders();

const trace = makeTrace({
  toolCalls: [
    {
      name: "find_user",
      arguments: { email: "a@b.example" },
      result: { id: "user_1", orders: ["W1234567"] },
    },
    { name: "refund", arguments: { order: "W1234567" }, error: { type: "timeout", message: "after 10 s" } },
  ],
  output: "Done.",
});

describe("a recording", () => {
  it("holds what tools and models answered, redacted, with the count of what was replaced", () => {
    const recording = makeRecording(trace, makeRedactor());
    expect(recording).toMatchObject({
      traceId: trace.traceId,
      toolCalls: [
        { name: "find_user", arguments: { email: "[email-1]" }, result: { id: "user_1" }, error: null },
        { name: "refund", arguments: { order: "W1234567" }, error: "timeout: after 10 s" },
      ],
      redactions: { email: 1 },
      truncated: false,
    });
    expect(recording.llmCalls).toHaveLength(trace.llmCalls.length);
    expect(recording.toolCalls[1]).not.toHaveProperty("result");
  });

  it("is a file named by its content, written once", async () => {
    const folder = join(newFolder(), "recordings");
    const recording = makeRecording(trace, makeRedactor());
    const hash = await writeRecording(folder, recording);
    const path = join(folder, `${hash}.json`);
    const text = readFileSync(path, "utf8");
    expect(await writeRecording(folder, makeRecording(trace, makeRedactor()))).toBe(hash);
    expect(readFileSync(path, "utf8")).toBe(text);
    expect(readdirSync(folder)).toEqual([`${hash}.json`]);
    expect(await readRecording(folder, hash)).toEqual(JSON.parse(text));
  });

  it("leaves out the later calls beyond its size, and says so", () => {
    const long = makeTrace({
      toolCalls: Array.from({ length: 10 }, (_, index) => ({
        name: `tool-${index}`,
        result: "x".repeat(1_000),
      })),
    });
    const recording = makeRecording(long, makeRedactor(), 3_500);
    expect(recording.toolCalls.map(({ name }) => name)).toEqual(["tool-0", "tool-1", "tool-2"]);
    expect(recording).toMatchObject({ llmCalls: [], truncated: true });
    expect(JSON.stringify(recording).length).toBeLessThan(4_000);
  });

  it("with what looks like a key in it is not written", async () => {
    const folder = newFolder();
    const leaking = makeTrace({ toolCalls: [{ name: "env", result: `npm_${"a1B2c3D4e5F6".repeat(3)}` }] });
    await expect(writeRecording(folder, makeRecording(leaking, makeRedactor()))).rejects.toMatchObject({
      code: "secret",
      message: expect.stringContaining("toolCalls.0.result holds what looks like a credential"),
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it("that is missing or broken is named with what to do", async () => {
    const folder = newFolder();
    await expect(readRecording(folder, "abcdef0123456789")).rejects.toThrow(
      "abcdef0123456789.json: this recording is not there. Was it left out of the commit?",
    );
    writeFileSync(join(folder, "abcdef0123456789.json"), '{"v":1}');
    await expect(readRecording(folder, "abcdef0123456789")).rejects.toThrow(/not a recording \(traceId/);
  });
});
