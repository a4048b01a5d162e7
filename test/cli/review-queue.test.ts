import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { openDatabase } from "../../src/store/open-database.ts";
import { SqliteStore } from "../../src/store/sqlite-store.ts";
import { scoreOf, storedTrace } from "../contracts/stored-trace.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";
import { idOf, run } from "./agent-traces.ts";
import { runCli } from "./run-cli.ts";

const folder = temporaryFolder();
const review = (keys: string, ...args: readonly string[]) =>
  runCli(["review", "--labels", "--by", "ana", ...args], { cwd: folder.path, stdin: keys });
/** Eight runs. The policy judge fails 2, 4, 6 and 8; the spans of 8 are gone. Both judges have judged all. */
const GONE = 8;

beforeAll(async () => {
  writeFileSync(
    join(folder.path, "tracegate.config.ts"),
    `import { defineConfig, policyAdherence, tone } from "tracegate";
export default defineConfig({ scorers: [tone(), policyAdherence({ documents: [{ text: "No refunds." }] })] });
`,
  );
  mkdirSync(join(folder.path, ".tracegate"));
  const database = openDatabase(join(folder.path, ".tracegate"));
  const store = new SqliteStore(database);
  for (let number = 1; number <= GONE; number++) {
    const traceId = idOf(number);
    const { summary, rootAttributes } = storedTrace(number);
    await store.saveScored({
      summary: { ...summary, traceId },
      scores: [
        scoreOf("policy-adherence", { kind: "judge", value: number % 2 }),
        scoreOf("tone", { kind: "judge", value: 0 }),
      ],
      rootAttributes,
      payload: number === GONE ? null : zstdCompressSync(run({ traceId, question: `Question ${number}?` })),
      sinks: [],
    });
  }
  await store.close();
  database.close();
});
afterAll(() => folder.remove());

const shown = (stderr: string) =>
  [...stderr.matchAll(/asked: Question (\d+)\?/g)].map(([, number]) => Number(number));

describe("NO answers of a policy judge", () => {
  it("are counted at the start, come first, and are what review --labels shows by itself", async () => {
    const { stderr, exitCode } = await review("sssss", "--number", "5");

    expect(exitCode).toBe(0);
    expect(stderr).toContain(
      "policy-adherence: 3 traces it failed and nobody has looked at; they come first.",
    );
    expect(shown(stderr).slice(0, 3).toSorted()).toEqual([2, 4, 6]);
    expect(shown(stderr)[3]).toSatisfy((number: number) => number % 2 === 1);
  });

  it("are named when the question of another judge is answered, or traces are picked at random", async () => {
    const told =
      "traces it failed and nobody has looked at; tracegate review --labels --scorer policy-adherence.";
    expect((await review("q", "--scorer", "tone")).stderr).toContain(`policy-adherence: 3 ${told}`);
    const random = await review("q", "--scorer", "policy-adherence", "--random");
    expect(random.stderr).toContain(`policy-adherence: 3 ${told}`);
  });

  it("wait no longer once a person has said something, whatever it was", async () => {
    await review("fpu", "--number", "3");

    const { stderr } = await review("s", "--scorer", "policy-adherence", "--by", "bo");
    expect(stderr).not.toContain("nobody has looked at");
  });
});
