import { zstdCompressSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";

import { openState } from "../../src/app/open-state.ts";
import { storedTraces } from "../../src/app/stored-traces.ts";
import { defaultConfig } from "../../src/config/parse-config.ts";
import { readTrace } from "../../src/conventions/read-trace.ts";
import { readSpans } from "../../src/otlp/read-spans.ts";
import { summarize } from "../../src/pipeline/summarize.ts";
import { noFinalAnswer } from "../../src/scorers/no-final-answer.ts";
import { otlp } from "../../src/testing/spans.ts";
import { idOf } from "../cli/agent-traces.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";
import { gather } from "./gather.ts";

const config = defaultConfig();
const folder = temporaryFolder();
afterEach(() => folder.remove());

/** Stores that many traces without an answer, which `no-final-answer` fails. */
async function store(count: number): Promise<void> {
  const state = await openState(config, { cwd: folder.path, environment: {} }, { role: "run" });
  const scorer = noFinalAnswer();
  for (let number = 1; number <= count; number++) {
    const bytes = otlp({
      traceId: idOf(number),
      spans: [{ name: "invoke_agent", attributes: { "gen_ai.operation.name": "invoke_agent" } }],
    });
    const trace = readTrace(readSpans(bytes));
    const score = await scorer.score({ trace }, { signal: AbortSignal.timeout(10_000) });
    await state.store.saveScored({
      summary: summarize(trace, number),
      scores: [{ ...score, value: 0, unscored: null }],
      rootAttributes: {},
      payload: zstdCompressSync(bytes),
      sinks: [],
    });
  }
  await state.close();
}

describe("stored traces", () => {
  it("are all found by a filter, however many there are", async () => {
    await store(130);
    const where = { cwd: folder.path, environment: {}, signal: AbortSignal.timeout(10_000) };
    const found = await gather(storedTraces(config, where, { filter: { failing: true } }));
    expect(found).toHaveLength(130);
    const limited = await gather(storedTraces(config, where, { filter: { limit: 7 } }));
    expect(limited.map(({ trace }) => trace.traceId)).toEqual([1, 2, 3, 4, 5, 6, 7].map(idOf));
  });

  it("are not looked for where no process has kept any, and no folder is made", async () => {
    await expect(openState(config, { cwd: folder.path, environment: {} })).rejects.toThrow(
      /^No traces are stored in .*\.tracegate\. Start `tracegate up`/,
    );
  });
});
