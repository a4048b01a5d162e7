import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

const ROOT = join(import.meta.dirname, "../..");
const PAGE = readFileSync(join(ROOT, "docs/action.md"), "utf8");
const ACTION = parse(readFileSync(join(ROOT, "action.yml"), "utf8"));

interface Workflow {
  readonly on: { readonly [event: string]: unknown };
  readonly permissions: unknown;
  readonly jobs: {
    readonly [name: string]: {
      readonly permissions?: { readonly [scope: string]: string };
      readonly steps: readonly {
        readonly uses?: string;
        readonly run?: string;
        readonly with?: { readonly [input: string]: unknown };
      }[];
    };
  };
}

/** The table under a heading, one list of cells per row. */
function tableOf(heading: string): readonly (readonly string[])[] {
  const section = PAGE.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? "";
  const lines = section.split("\n").filter((line) => line.startsWith("| `"));
  return lines.map((line) =>
    line
      .slice(2, -2)
      .split(" | ")
      .map((cell) => cell.trim()),
  );
}

describe("docs/action.md", () => {
  it("has a row for every input and output of action.yml, in its order, and no other", () => {
    const names = (heading: string) => tableOf(heading).map(([name]) => name?.replaceAll("`", ""));
    expect(names("Inputs")).toEqual(Object.keys(ACTION.inputs));
    expect(names("Outputs")).toEqual(Object.keys(ACTION.outputs));
    expect(tableOf("Inputs").every((cells) => cells.length === 4)).toBe(true);
  });

  it("names the default of every input that action.yml presets", () => {
    for (const [name, , preset] of tableOf("Inputs")) {
      const value = ACTION.inputs[name?.replaceAll("`", "") ?? ""].default;
      if (value !== "" && !value.startsWith("$")) expect(preset).toBe(`\`${value}\``);
    }
  });

  const examples = [...PAGE.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text = ""]) => text);

  it("shows a workflow for pull requests, main, every night, releases, forks and parts", () => {
    expect(examples.map((text) => Object.keys(parse(text).on))).toEqual([
      ["pull_request"],
      ["push"],
      ["schedule", "workflow_dispatch"],
      ["push"],
      ["workflow_run"],
      ["pull_request"],
    ]);
  });

  it.each(examples.map((text) => [parse(text).name, text]))(
    "the workflow %s is pinned, has no more rights than it says, and puts no expression into a script",
    (_, text) => {
      const workflow: Workflow = parse(text);
      expect(workflow.permissions).toEqual({ contents: "read" });
      for (const line of text.split("\n").filter((each) => /\buses:/.test(each))) {
        expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
      }
      const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);
      for (const { run = "" } of steps) expect(run).not.toContain("$" + "{{");
      const gates = steps.filter(({ uses }) => uses?.startsWith("your-org/tracegate@"));
      expect(gates).toHaveLength(Object.keys(workflow.jobs).length);
      for (const gate of gates)
        for (const name of Object.keys(gate.with ?? {})) expect(ACTION.inputs).toHaveProperty(name);
    },
  );

  it("gives the second workflow no code of the change, and nothing of the artifact to a shell", () => {
    const workflow: Workflow = parse(examples[4] ?? "");
    const [job] = Object.values(workflow.jobs);
    expect(job?.permissions).toEqual({ actions: "read", "pull-requests": "write" });
    expect(job?.steps.map(({ run, uses }) => run ?? uses?.split("@")[0])).toEqual([
      "actions/download-artifact",
      "your-org/tracegate",
    ]);
  });
});
