import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

const FOLDER = join(import.meta.dirname, "../../.github/workflows");

interface Workflow {
  readonly on: {
    readonly [event: string]: { readonly branches?: readonly string[]; readonly tags?: unknown } | null;
  };
  readonly jobs: {
    readonly [name: string]: {
      readonly if?: string;
      readonly permissions?: { readonly [scope: string]: string };
      readonly steps: readonly {
        readonly uses?: string;
        readonly with?: { readonly [input: string]: unknown };
      }[];
    };
  };
}

const jobs = readdirSync(FOLDER).flatMap((name) => {
  const { on, jobs: all }: Workflow = parse(readFileSync(join(FOLDER, name), "utf8"));
  return Object.values(all).map((job) => ({ on, job }));
});

/** Jobs that run this repository's own action on such an event. */
function gatesOn(matches: (on: Workflow["on"]) => boolean) {
  const uses = jobs.filter(({ on, job }) => matches(on) && job.steps.some((step) => step.uses === "./"));
  return uses.map(({ job }) => ({ ...job, input: job.steps.find((step) => step.uses === "./")?.with }));
}

describe("this repository's own workflows", () => {
  it("gate pull requests, record main by push and every night, and gate releases", () => {
    const changes = gatesOn((on) => "pull_request" in on).filter((job) => job.if?.includes("'pull_request'"));
    expect(changes).toHaveLength(1);
    const pushes = gatesOn((on) => on.push?.branches?.includes("main") === true);
    expect(pushes.filter((job) => job.if?.includes("'push'"))).toHaveLength(1);
    expect(gatesOn((on) => "schedule" in on)).toMatchObject([{ input: { mode: "main", record: true } }]);
    expect(gatesOn((on) => on.push?.tags !== undefined)).toMatchObject([{ input: { mode: "release" } }]);
  });

  it("may write to the repository only where main's history is recorded", () => {
    const writers = jobs.filter(({ job }) => job.permissions?.contents === "write");
    expect(writers).toHaveLength(2);
    for (const { job } of writers) expect(job.if).toMatch(/'push'|github\.ref_name == 'main'/);
  });
});
