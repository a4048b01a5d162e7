import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { idOf, run } from "../../cli/agent-traces.ts";
import { runCli } from "../../cli/run-cli.ts";
import { startUp, type UpProcess } from "../../cli/up-process.ts";
import { temporaryFolder } from "../../store/temporary-folder.ts";

/** One scorer does what the question of the trace tells it to; the other one must not suffer from it. */
const CONFIG = `
import { defineConfig, defineScorer } from "tracegate";

const deeds = {
  throw() {
    throw new Error("no such customer");
  },
  reject: async () => {
    throw new TypeError("late and wrong");
  },
  hang: () => new Promise(() => {}),
  loop() {
    for (;;) {}
  },
  async later() {
    await new Promise((wake) => setTimeout(wake, 1));
    for (;;) {}
  },
  regex: () => /^(a+)+$/.test("a".repeat(60) + "b"),
  text: () => "good",
  much: () => 7,
  nan: () => Number.NaN,
  evidence: () => ({ value: 1, evidence: "all of it" }),
  stray() {
    Promise.reject(new Error("nobody waits for me"));
    setTimeout(() => {
      throw new Error("thrown in a timer");
    }, 1);
    return true;
  },
};

export default defineConfig({
  scorers: [
    defineScorer("obedient", ({ trace }) => deeds[trace.input]?.() ?? null),
    defineScorer("steady", async () => {
      await new Promise((wake) => setTimeout(wake, 5));
      return true;
    }),
  ],
  completion: { afterRootMs: 20 },
  worker: { ruleTimeoutMs: 700, stuckMs: 1_500 },
});
`;

const folder = temporaryFolder();
let up: UpProcess;
let traces = 0;

beforeAll(async () => {
  writeFileSync(join(folder.path, "tracegate.config.ts"), CONFIG);
  up = await startUp(folder.path);
});
afterAll(async () => {
  await up.stop("SIGKILL");
  folder.remove();
});
/** Whatever the scorer did, the next trace is scored. */
afterEach(async () => {
  const traceId = idOf(++traces);
  await up.send(run({ traceId }));
  expect(await up.scored(traceId)).toMatchObject({ scores: 2, failed: [] });
});

interface Decision {
  readonly scorer: string;
  readonly state: string;
  readonly reason: string;
}

/** What `why` says about a trace whose question makes the scorer do something. */
async function decisionsOn(deed: string): Promise<readonly Decision[]> {
  const traceId = idOf(++traces);
  await up.send(run({ traceId, question: deed }));
  await up.scored(traceId);
  const { stdout } = await runCli(["why", traceId, "--format", "json"], { cwd: folder.path });
  const { decisions }: { decisions: Decision[] } = JSON.parse(stdout);
  return decisions;
}

describe("a scorer", () => {
  it.each([
    { deed: "throw", says: /it threw Error: no such customer \(at .*tracegate\.config\.ts:\d+:\d+\)/ },
    { deed: "reject", says: /it threw TypeError: late and wrong \(at .*tracegate\.config\.ts:\d+:\d+\)/ },
    { deed: "hang", says: /it did not return within 700 ms/ },
    {
      deed: "loop",
      says: /it kept the processor for over 700 ms and was interrupted; look for an endless loop/,
    },
    {
      deed: "regex",
      says: /it kept the processor for over 700 ms and was interrupted; .*slow regular expression/,
    },
    {
      deed: "later",
      says: /did not return within 700 ms.* code at file:.*tracegate\.config\.ts:\d+ kept the processor and was interrupted/,
    },
    { deed: "text", says: /it returned "good"/ },
    { deed: "much", says: /7/ },
    { deed: "nan", says: /NaN/ },
    { deed: "evidence", says: /evidence/ },
  ])("that does this: $deed, is unscored with the reason, and the others score", async ({ deed, says }) => {
    const decisions = await decisionsOn(deed);
    expect(decisions).toMatchObject([
      { scorer: "obedient", state: "failed" },
      { scorer: "steady", state: "scored", reason: "passed with 1" },
    ]);
    expect(decisions[0]?.reason).toMatch(/^scorer-error: /);
    expect(decisions[0]?.reason).toMatch(says);
  });

  it("that leaves errors behind that nobody handles keeps its score, and the log tells of them", async () => {
    expect(await decisionsOn("stray")).toMatchObject([
      { scorer: "obedient", state: "scored", reason: "passed with 1" },
      { scorer: "steady", state: "scored", reason: "passed with 1" },
    ]);
    for (const message of ["nobody waits for me", "thrown in a timer"]) {
      const { level, msg } = await up.said((line) => String(line.msg).includes(message));
      expect(level).toBe("warn");
      expect(msg).toMatch(/^An error was thrown where nobody handles it: .*tracegate\.config\.ts:\d+:\d+/);
    }
  });
});
