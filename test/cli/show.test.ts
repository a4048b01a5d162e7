import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { temporaryFolder } from "../store/temporary-folder.ts";
import { asJson, idOf, run } from "./agent-traces.ts";
import { runCli } from "./run-cli.ts";

const folder = temporaryFolder();
const show = (...args: readonly string[]) => runCli(["show", ...args], { cwd: folder.path });

beforeAll(() => {
  writeFileSync(join(folder.path, "one.pb"), run({ traceId: idOf(1), toolError: "timeout" }));
  writeFileSync(join(folder.path, "two.jsonl"), `${asJson(run({ traceId: idOf(2) }))}\n`);
});
afterAll(() => folder.remove());

describe("show", () => {
  it("draws the tree of a trace with times, tokens and errors, and says what it lacks", async () => {
    const result = await show("one.pb");
    expect(result).toEqual({
      exitCode: 0,
      stderr: "",
      stdout: `\
${idOf(1)}  shop-agent · 4 spans · 300 ms · tokens in / out 40 / 10 · cost unknown · 1 error
  asked     Where is order A-17?
  answered  It is on its way.

SPAN                        START    TIME  TOKENS  WHAT
invoke_agent shop-agent     +0 ms  300 ms
  chat test-model           +0 ms  100 ms  20 / 5  test-model tool_call · get_order({"id":"A-17"})
  execute_tool get_order  +100 ms  100 ms          timeout: timeout
  chat test-model         +200 ms  100 ms  20 / 5  test-model stop · It is on its way.

quality
  not recorded: systemInstructions, toolDefinitions, cost, sessionId, userId, agent.version

`,
    });
  });

  it("prints one trace as itself with --format json, several as an array, and a line each with jsonl", async () => {
    const one = await show("one.pb", "--format", "json");
    expect(JSON.parse(one.stdout)).toMatchObject({ schema: "tracegate.trace/1", traceId: idOf(1) });
    const both = await show("one.pb", "two.jsonl", "--format", "json");
    expect(JSON.parse(both.stdout)).toMatchObject([{ traceId: idOf(1) }, { traceId: idOf(2) }]);
    const asLines = await show("one.pb", "two.jsonl", "--format", "jsonl");
    const ids = asLines.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).traceId);
    expect(ids).toEqual([idOf(1), idOf(2)]);
  });

  it("lets no escape sequence of a trace reach the terminal", async () => {
    const hostile = "\u001b]0;owned\u0007\u001b[2J\u009b31m\u202e";
    writeFileSync(
      join(folder.path, "hostile.pb"),
      run({
        traceId: idOf(3),
        question: `hi${hostile}`,
        answer: `yes${hostile}`,
        toolError: `broken${hostile}`,
      }),
    );
    writeFileSync(join(folder.path, "hostile.jsonl"), `{"resourceSpans": "${hostile}"}\n`);
    for (const command of ["show", "score"]) {
      const { stdout, stderr } = await runCli([command, "hostile.pb", "hostile.jsonl"], { cwd: folder.path });
      expect(stdout).toContain(command === "show" ? "hi" : "tool-errors");
      expect(stderr).toContain("hostile.jsonl:1");
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    }
  });

  it("says what is wrong with a name that is neither a file nor the id of a stored trace", async () => {
    expect(await show("missing.json")).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: "missing.json is not there. Check the path.\n",
    });
    const { stderr, exitCode } = await show("abcdef");
    expect(stderr).toBe(
      `tracegate: No traces are stored in ${join(folder.path, ".tracegate")}. Start \`tracegate up\` in this folder and send it some, go to the folder it runs in, name its configuration with --config, or set the REDIS_URL and DATABASE_URL that it has.\n`,
    );
    expect(exitCode).toBe(1);
  });
});
