import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

const ROOT = join(import.meta.dirname, "../..");
const FOLDER = join(ROOT, ".github/workflows");

interface Job {
  readonly steps: readonly { readonly uses?: string; readonly run?: string }[];
}

describe.each(readdirSync(FOLDER))("the workflow %s", (name) => {
  const text = readFileSync(join(FOLDER, name), "utf8");
  const workflow = parse(text);
  const steps = Object.values<Job>(workflow.jobs).flatMap((job) => job.steps);

  it("pins every action of others to a commit, with its version beside it", () => {
    const foreign = text.split("\n").filter((line) => /\buses:/.test(line) && !/uses: \.\//.test(line));
    expect(foreign.length).toBeGreaterThan(0);
    for (const line of foreign) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it("has only read access unless a job says otherwise", () => {
    expect(workflow.permissions).toEqual({ contents: "read" });
  });

  it("puts no expression into a script, where its value would be code", () => {
    for (const { run = "" } of steps) expect(run).not.toContain("$" + "{{");
  });

  it("does not run the code of a change with the rights of the repository", () => {
    expect(Object.keys(workflow.on)).not.toContain("pull_request_target");
  });
});

describe("action.yml", () => {
  const action = parse(readFileSync(join(ROOT, "action.yml"), "utf8"));

  it("starts a file that is there, on Node 24", () => {
    expect(action.runs.using).toBe("node24");
    expect(existsSync(join(ROOT, action.runs.main))).toBe(true);
  });

  it("documents and presets every input", () => {
    const inputs = Object.values<{ description: string; default: unknown }>(action.inputs);
    for (const input of inputs) {
      expect(input.description.length).toBeGreaterThan(20);
      expect(typeof input.default).toBe("string");
    }
  });
});
