import { readdirSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";

import { temporaryFolder } from "../store/temporary-folder.ts";
import { runCli } from "./run-cli.ts";

const folder = temporaryFolder();
const tracegate = (...args: readonly string[]) => runCli(args, { cwd: folder.path });
afterAll(() => folder.remove());

describe("a wrong command line", () => {
  it.each([
    {
      what: "a misspelt command",
      args: ["scroe", "x.json"],
      says: "error: unknown command 'scroe'\n(Did you mean score?)",
    },
    { what: "an unknown command", args: ["frobnicate"], says: "error: unknown command 'frobnicate'" },
    {
      what: "a misspelt option",
      args: ["score", "--fromat", "json", "x.json"],
      says: "error: unknown option '--fromat'\n(Did you mean --format?)",
    },
    { what: "a missing argument", args: ["score"], says: "error: missing required argument 'files'" },
    {
      what: "a wrong choice",
      args: ["show", "x.json", "--format", "xml"],
      says: "error: option '-f, --format <format>' argument 'xml' is invalid. Allowed choices are table, json, jsonl.",
    },
    {
      what: "a port that is none",
      args: ["up", "--port", "http"],
      says: "error: option '--port <number>' argument 'http' is invalid. Give a whole number from 0 to 65535; 0 takes a free port.",
    },
    {
      what: "a time that is none",
      args: ["harvest", "--since", "yesterday"],
      says: "error: option '--since <time>' argument 'yesterday' is invalid. Give a date or an ISO 8601 time, e.g. 2026-11-20 or 2026-11-20T08:00Z.",
    },
  ])("with $what ends with 2 and says what would be right", async ({ args, says }) => {
    const hint = "\nRun with --help to see what there is.\n";
    expect(await tracegate(...args)).toEqual({ exitCode: 2, stdout: "", stderr: says + hint });
  });

  it("with a scorer nobody has configured names those there are", async () => {
    const { exitCode, stderr } = await tracegate("harvest", "--only", "tool-errors", "traces.jsonl");
    expect(exitCode).toBe(2);
    expect(stderr).toBe(
      'tracegate: --only: there is no scorer "traces.jsonl". Known: tool-errors, retry-loop, unsupported-claim, finish-reason, no-final-answer, budget, groundedness, instruction-following. Files go before --only.\n',
    );
  });

  it("with no command at all shows the help and ends with 2", async () => {
    const { exitCode, stdout, stderr } = await tracegate();
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain("The loop, from start to end:");
  });

  it("leaves nothing behind", () => {
    expect(readdirSync(folder.path)).toEqual([]);
  });
});

describe("--help", () => {
  it.each([
    { command: "up", names: ["--host", "--port", "--redis", "--config", "survives a crash"] },
    { command: "score", names: ["files", "--format", "standard input", "gzip"] },
    { command: "show", names: ["files or ids", "--format", "prefix"] },
    { command: "harvest", names: ["[files...]", "--into", "--only", "--since", "key"] },
    { command: "review", names: ["dataset", "--accept-all", "--by", "a accept", "EDITOR"] },
    { command: "gate", names: ["--record", "--report", "--adopt", "--dataset", "3 inconclusive"] },
    { command: "why", names: ["trace id", "32 hex digits", "--format"] },
    { command: "rates", names: ["--since", "--format", "sample", "95 % interval"] },
    { command: "demo", names: ["--redis", "--format", "simulated"] },
  ])("of $command names its arguments and teaches what it does", async ({ command, names }) => {
    const { exitCode, stdout, stderr } = await tracegate(command, "--help");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout.startsWith(`Usage: tracegate ${command} `)).toBe(true);
    for (const name of names) expect(stdout.replace(/\s+/g, " ")).toContain(name);
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  it("shows the loop, and --version the version", async () => {
    const help = await tracegate("--help");
    for (const command of ["up", "harvest", "review", "gate --record"])
      expect(help.stdout).toContain(`  tracegate ${command}`);
    expect((await tracegate("--version")).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
