import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";

import { readParts } from "../../src/app/merge-parts.ts";
import type { Result, Task } from "../../src/core/run.ts";
import type { GateReport } from "../../src/core/verdict.ts";
import { type GateOptions, runGate } from "../../src/pipeline/gate.ts";
import type { KnownTrials } from "../../src/pipeline/gate-options.ts";
import { partOf } from "../../src/pipeline/gate-part.ts";
import { settingOf } from "../../src/pipeline/gate-setting.ts";
import { caseOf } from "../datasets/case-of.ts";
import { agent, decodeTrace, evaluateAnswer, memoryCapture, memoryHistory } from "../pipeline/gate-fakes.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";

const folder = temporaryFolder();
afterAll(() => folder.remove());

/** What becomes of a trial: the agent is good, bad, or does not start. */
type Outcome = "good" | "bad" | "fault";
const OUTCOME = fc.constantFrom<Outcome>("good", "good", "good", "good", "bad", "bad", "fault");

/** Cases with main's passes of five trials each, and what the change does in its first, second, ... trial. */
const WORLD = fc.array(
  fc.record({ main: fc.integer({ min: 0, max: 5 }), now: fc.array(OUTCOME, { minLength: 6, maxLength: 6 }) }),
  { minLength: 1, maxLength: 14 },
);
type World = typeof WORLD extends fc.Arbitrary<infer T> ? T : never;

function gateOf(world: World) {
  const cases = world.map((_, index) =>
    caseOf(`case ${index}`, { mustPass: ["right"], review: { decision: "accepted" } }),
  );
  const history = memoryHistory();
  let now = 0;
  const options: Omit<GateOptions, "task" | "capture"> = {
    dataset: { name: "cases", path: "", cases },
    readTrace: decodeTrace,
    evaluate: evaluateAnswer,
    scorers: [{ name: "right", version: "1", kind: "rule" }],
    history,
    commit: "c0ffee",
    clock: { now: () => now++ },
  };
  const run = (task: Task, more: Partial<GateOptions> = {}) =>
    runGate({ ...options, task, capture: memoryCapture(), ...more });
  const at = ({ id }: { readonly id: string }) => world[Number(id.split(" ")[1])];
  const change = agent((one, { trial }) => {
    const outcome = at(one)?.now[trial - 1] ?? "good";
    const fault = { code: "agent-failed-to-start", message: "no key" } as const;
    return outcome === "fault" ? { fault } : outcome;
  });
  return {
    run: (more?: Partial<GateOptions>) => run(change, more),
    setting: settingOf({ ...options, task: change }),
    async recordMain() {
      for (let round = 0; round < 5; round++)
        await run(
          agent((one) => (round < (at(one)?.main ?? 0) ? "good" : "bad")),
          { record: true, policy: { maxTrials: 1, maxPasses: 1 } },
        );
    },
  };
}

let files = 0;
function written(reports: readonly unknown[]): readonly string[] {
  return reports.map((report) => {
    const name = `report-${files++}.json`;
    writeFileSync(join(folder.path, name), JSON.stringify(report));
    return name;
  });
}

/** A whole run as the reports that its parts would have left. */
function inParts(report: GateReport, of: number, setting: ReturnType<typeof gateOf>["setting"]) {
  return Array.from({ length: of }, (_, index) => {
    const results = report.run.results.filter(({ caseId }) => partOf(caseId, of) === index + 1);
    return { ...report, run: { ...report.run, results }, part: { index: index + 1, of, setting } };
  });
}

const merge = (paths: readonly string[], { setting }: Pick<ReturnType<typeof gateOf>, "setting">) =>
  readParts(paths, { cwd: folder.path, setting });

describe("parts of a run, merged", () => {
  it("give the verdict of one process that made the same trials, to the last digit", async () => {
    await fc.assert(
      fc.asyncProperty(WORLD, fc.integer({ min: 1, max: 4 }), async (world, of) => {
        const gate = gateOf(world);
        await gate.recordMain();
        const whole = await gate.run();
        const parts = inParts(whole, of, gate.setting).toReversed();
        const known: KnownTrials = await merge(written(parts), gate);
        const merged = await gate.run({ known, decideOnly: true });
        expect(merged.verdict).toEqual(whole.verdict);
        expect(merged.run.results).toEqual(whole.run.results);
        expect(merged.notes).toEqual(whole.notes);
      }),
      { seed: 4, numRuns: 60 },
    );
  });

  it("hold every case once, and what they leave open is finished like an interrupted run", async () => {
    await fc.assert(
      fc.asyncProperty(WORLD, fc.integer({ min: 2, max: 4 }), async (world, of) => {
        const gate = gateOf(world);
        await gate.recordMain();
        const indexes = Array.from({ length: of }, (_, index) => index + 1);
        const parts = await Promise.all(indexes.map((index) => gate.run({ share: { index, of } })));
        const tried = new Set(parts.flatMap(({ run }) => run.results.map(({ caseId }) => caseId)));
        expect(tried.size).toBe(world.length);
        for (const { verdict } of parts) expect(verdict.status).toBe("inconclusive");

        const known = await merge(written(parts), gate);
        const finished = await gate.run({ known });
        const again = await gate.run({ known: { ...known, results: finished.run.results } });
        // Nothing was left that an unsharded gate would have tried, except for faults, which stay faults here.
        const made = (results: readonly Result[]) => results.map(({ caseId, trial }) => `${caseId} ${trial}`);
        expect(made(again.run.results)).toEqual(made(finished.run.results));
        expect(again.verdict.status).toBe(finished.verdict.status);
      }),
      { seed: 5, numRuns: 30 },
    );
  });
});

describe("parts that do not belong together are refused by name:", () => {
  const world: World = Array.from({ length: 12 }, () => ({ main: 5, now: Array(6).fill("good") }));
  const reports = async () => {
    const gate = gateOf(world);
    const whole = await gate.run();
    return { gate, whole, parts: inParts(whole, 3, gate.setting) };
  };

  it("a missing one", async () => {
    const { gate, parts } = await reports();
    await expect(merge(written(parts.slice(0, 1)), gate)).rejects.toThrow(
      "Parts 2, 3 of 3 are missing, and nobody knows of the cases there. Run `tracegate gate --shard 2/3 --report FILE`.",
    );
  });

  it("one that is there twice", async () => {
    const { gate, parts } = await reports();
    const paths = written([...parts, parts[1]]);
    await expect(merge(paths, gate)).rejects.toThrow(
      `Part 2 of 3 is there twice: ${paths[1]} and ${paths[3]}.`,
    );
  });

  it("one of a run in another number of parts", async () => {
    const { gate, whole, parts } = await reports();
    const paths = written([...parts.slice(0, 2), inParts(whole, 4, gate.setting)[2]]);
    await expect(merge(paths, gate)).rejects.toThrow(
      `${paths[0]} is part 1 of 3 and ${paths[2]} part 3 of 4. Merge parts of one run.`,
    );
  });

  it("one of another commit, version, agent or rule, each with what differs", async () => {
    const { gate, parts } = await reports();
    const rules = JSON.stringify({ ...JSON.parse(gate.setting.policy), errorRate: 0.1 });
    const strange = { ...gate.setting, commit: "abad1dea", version: "9.9.9", task: "x", policy: rules };
    const paths = written(
      parts.map((one) => (one.part.index === 2 ? { ...one, part: { ...one.part, setting: strange } } : one)),
    );
    await expect(merge(paths, gate)).rejects.toThrow(
      `These parts (named first) are not of the code and settings here:\n  ${paths[1]}, part 2: another version of tracegate (9.9.9 and unknown), commit (abad1dea and c0ffee), agent (x and module agent.ts), gate.errorRate (0.1 and 0.05)`,
    );
  });

  it("one with trials of another's cases, which would count twice", async () => {
    const { gate, whole, parts } = await reports();
    const paths = written(parts.map((one) => (one.part.index === 1 ? { ...one, run: whole.run } : one)));
    await expect(merge(paths, gate)).rejects.toThrow(
      /^report-\d+\.json is part 1 of 3 and holds trials of case case \d+, which is of part [23]\. Run the part again\.$/,
    );
  });

  it("a whole run, and nothing at all", async () => {
    const { gate, whole } = await reports();
    const paths = written([whole]);
    await expect(merge(paths, gate)).rejects.toThrow(
      `${paths[0]} is the report of a whole run, not of a part. Write parts with \`--shard\`.`,
    );
    await expect(merge([], gate)).rejects.toThrow("There is no report to merge.");
  });
});
