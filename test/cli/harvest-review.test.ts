import { appendFileSync, chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Case } from "../../src/core/case.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";
import { asJson, idOf, run } from "./agent-traces.ts";
import { type CliOptions, runCli } from "./run-cli.ts";

const DATASET = "evals/datasets/harvested.jsonl";
/** Made up for this test; it has the form of a real one. */
const KEY = `sk-ant-api03-${"aB3dE5gH7jK9mN1pQ3rS5tU7vW9xY".repeat(3)}-q1w2e3AA`;

const folder = temporaryFolder();
const at = (name: string) => join(folder.path, name);
const tracegate = (args: readonly string[], options: Omit<CliOptions, "cwd"> = {}) =>
  runCli(args, { cwd: folder.path, ...options });
const failing = (number: number, question: string) =>
  asJson(run({ traceId: idOf(number), question, toolError: "timeout" }));

function text(): string {
  return readFileSync(at(DATASET), "utf8");
}

function cases(): Case[] {
  return text()
    .trim()
    .split("\n")
    .filter((line) => line.endsWith("}"))
    .map((line) => JSON.parse(line));
}

beforeAll(() => {
  const questions = ["One?", "Two?", "Three?", "Four?"];
  const lines = questions.map((question, index) => failing(index + 1, question));
  writeFileSync(at("traces.jsonl"), [...lines, asJson(run({ traceId: idOf(9) }))].join("\n"));
});
afterAll(() => folder.remove());

describe("harvest", () => {
  it("turns each failing trace into a case that waits for review", async () => {
    const result = await tracegate(["harvest", "traces.jsonl"]);
    expect(result).toEqual({
      exitCode: 0,
      stdout: `${DATASET}: 4 new cases, 0 extended, 0 already there\nNext: tracegate review\n`,
      stderr: "",
    });
    expect(cases().map(({ mustPass, review }) => ({ mustPass, review }))).toEqual(
      Array.from({ length: 4 }, () => ({ mustPass: ["tool-errors"], review: undefined })),
    );
    expect(readdirSync(at("evals/recordings"))).toHaveLength(4);
  });

  it("changes no byte when it sees the same traffic again, in another order too", async () => {
    const [before, recordings] = [text(), readdirSync(at("evals/recordings"))];
    writeFileSync(
      at("again.jsonl"),
      readFileSync(at("traces.jsonl"), "utf8").split("\n").reverse().join("\n"),
    );
    const { stdout } = await tracegate(["harvest", "again.jsonl", "--format", "json"]);
    expect(JSON.parse(stdout)).toMatchObject({ traces: 5, failing: 4, added: [], merged: [], blocked: [] });
    expect(text()).toBe(before);
    expect(readdirSync(at("evals/recordings"))).toEqual(recordings);
  });

  it("does not write what looks like a key, does not print it, and writes the rest", async () => {
    const before = text();
    writeFileSync(at("secret.jsonl"), `${failing(20, `Use ${KEY} please`)}\n${failing(21, "Five?")}\n`);
    const { exitCode, stdout, stderr } = await tracegate(["harvest", "secret.jsonl"]);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("1 new case");
    expect(stderr).toMatch(
      /^Case [0-9a-f]{16} of trace 000014a+: input\.messages\.0\.parts\.0\.content holds what looks like a credential \(rule .*\)\. Nothing was written\. Revoke it if it is real/,
    );
    expect(stdout + stderr).not.toContain(KEY.slice(13, 40));
    expect(text().startsWith(before)).toBe(true);
    expect(cases()).toHaveLength(5);
    for (const file of readdirSync(at("evals"), { recursive: true, withFileTypes: true })) {
      if (file.isFile())
        expect(readFileSync(join(file.parentPath, file.name), "utf8")).not.toContain("sk-ant");
    }
  });

  it("leaves a line it cannot read as it is", async () => {
    appendFileSync(at(DATASET), '{"v":1,"id":"half a ca\n');
    const before = text();
    expect((await tracegate(["harvest", "traces.jsonl"])).exitCode).toBe(0);
    expect(text()).toBe(before);
  });

  it("needs stored traces or files, and makes no folder when it has neither", async () => {
    const elsewhere = temporaryFolder();
    const { exitCode, stderr } = await runCli(["harvest"], { cwd: elsewhere.path });
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      `No traces are stored in ${join(elsewhere.path, ".tracegate")}. Start \`tracegate up\``,
    );
    expect(readdirSync(elsewhere.path)).toEqual([]);
    elsewhere.remove();
  });
});

describe("review", () => {
  it("names the line it cannot read, shows each case, and keeps each key's decision", async () => {
    const { exitCode, stdout, stderr } = await tracegate(["review", "--by", "Ada"], { stdin: "a?r\ns q" });
    expect(exitCode).toBe(0);
    expect(stdout).toBe(`${DATASET}: 1 accepted, 1 rejected, 0 edited, 3 cases still to review\n`);
    expect(stderr).toMatch(new RegExp(`^${at(DATASET)}:6: `));
    expect(stderr).toContain("1 of 5\n");
    expect(stderr).toContain(
      "  user: One?\n  the agent answered: It is on its way.\n  tool-errors unrecovered: ",
    );
    expect(stderr).not.toContain("5 of 5");
    expect(cases().map(({ review }) => review?.decision)).toEqual([
      "accepted",
      "rejected",
      undefined,
      undefined,
      undefined,
    ]);
    expect(cases()[0]?.review).toMatchObject({ by: "Ada", at: expect.stringMatching(/^\d{4}-.*Z$/) });
    expect(text()).toContain('{"v":1,"id":"half a ca\n');
  });

  it("lets an editor change a case before it is accepted", async () => {
    writeFileSync(at("edit.sh"), "#!/bin/sh\nsed -i 's/Three?/Three, edited?/' \"$1\"\n");
    chmodSync(at("edit.sh"), 0o755);
    const env = { EDITOR: at("edit.sh") };
    const { stdout } = await tracegate(["review", "--by", "Ada"], { stdin: "ea", env });
    expect(stdout).toBe(`${DATASET}: 1 accepted, 0 rejected, 1 edited, 2 cases still to review\n`);
    expect(cases()[2]).toMatchObject({
      input: { messages: [{ role: "user", parts: [{ type: "text", content: "Three, edited?" }] }] },
      review: { decision: "accepted" },
    });
  });

  it.each([
    { what: "fails", script: "exit 3", says: "failed. Set EDITOR." },
    { what: "leaves no JSON", script: 'echo "{" > "$1"', says: "Not changed: " },
    {
      what: "changes the id",
      script: 'sed -i \'s/"id": "[^"]*"/"id": "other"/\' "$1"',
      says: "Not changed: The id of a case cannot be changed.",
    },
    {
      what: "takes out what a case needs",
      script: 'sed -i \'s/"input"/"inptu"/\' "$1"',
      says: "inptu",
    },
  ])("keeps a case as it is when the editor $what", async ({ script, says }) => {
    writeFileSync(at("edit.sh"), `#!/bin/sh\n${script}\n`);
    const before = text();
    const { exitCode, stdout, stderr } = await tracegate(["review"], {
      stdin: "eq",
      env: { EDITOR: at("edit.sh") },
    });
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: `${DATASET}: 0 accepted, 0 rejected, 0 edited, 2 cases still to review\n`,
    });
    expect(stderr).toContain(says);
    expect(text()).toBe(before);
  });

  it("accepts all that waits without asking, and says so when nothing waits", async () => {
    const all = await tracegate(["review", "--accept-all", "--by", "Ada"]);
    expect(all.stdout).toBe(`${DATASET}: 2 accepted, 0 rejected, 0 edited, 0 cases still to review\n`);
    const none = await tracegate(["review"]);
    expect(none.stdout).toBe(`${DATASET}: 0 accepted, 0 rejected, 0 edited, 0 cases still to review\n`);
    const again = await tracegate(["harvest", "traces.jsonl"]);
    expect(again.stdout).toContain("0 new cases, 0 extended, 4 already there");
  });

  it("says that a dataset is not there", async () => {
    expect(await tracegate(["review", "missing.jsonl"])).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: `tracegate: ${at("missing.jsonl")}: there is no such dataset. Harvest failures into it, or write the first case by hand.\n`,
    });
    expect(existsSync(at("missing.jsonl"))).toBe(false);
  });
});
