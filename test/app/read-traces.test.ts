import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

import { readTraces } from "../../src/app/read-traces.ts";
import { asJson, idOf, run } from "../cli/agent-traces.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";
import { gather } from "./gather.ts";

const folder = temporaryFolder();
afterAll(() => folder.remove());

describe("traces of files", () => {
  it("come in the order in which they appear first, whole, whatever lies between their parts", async () => {
    const [a, b] = [1, 2].map((number) => asJson(run({ traceId: idOf(number) })));
    const path = join(folder.path, "traces.jsonl");
    writeFileSync(path, `${a}\nnonsense\n${b}\n${a}\n`);
    const problems: string[] = [];
    const traces = await gather(
      readTraces({
        files: [path, join(folder.path, "missing")],
        onProblem: (problem) => problems.push(problem),
        signal: AbortSignal.timeout(10_000),
      }),
    );
    expect(traces.map(({ traceId, spans }) => [traceId, spans.length])).toEqual([
      [idOf(1), 4],
      [idOf(2), 4],
    ]);
    expect(problems).toEqual([
      expect.stringMatching(/traces\.jsonl:2: Not JSON: /),
      `${join(folder.path, "missing")} is not there. Check the path.`,
    ]);
  });

  it("stop being read when the signal fires", async () => {
    const path = join(folder.path, "traces.jsonl");
    const signal = AbortSignal.abort(new Error("enough"));
    const reading = gather(readTraces({ files: [path], onProblem: () => {}, signal }));
    await expect(reading).rejects.toThrow("enough");
  });
});
