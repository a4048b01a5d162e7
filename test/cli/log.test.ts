import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type LogLevel, startLog } from "../../src/cli/print/log.ts";
import { makeTrace } from "../../src/testing/make-trace.ts";
import { scoreOf } from "../contracts/store.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";
import { idOf, run } from "./agent-traces.ts";
import { startUp, type UpProcess } from "./up-process.ts";

/** What a terminal shows at this level. */
function shown(level: LogLevel): string[] {
  const stream = Object.assign(new PassThrough({ encoding: "utf8" }), { isTTY: true });
  const log = startLog({ level, secrets: ["hush-hush"], stream });
  const revision = { traceId: idOf(1), revision: 1 };
  log.info("listening with hush-hush");
  log.fault("refused: password hush-hush\u001b[2J", { part: "store", code: "refused" });
  log.scored({
    trace: makeTrace({ traceId: idOf(1), agent: { name: "agent hush-hush" } }),
    scores: [scoreOf("calm", 0)],
  });
  log.completed({ ...revision, reason: "capped", sealedAt: 0 });
  log.delivery({ ...revision, sink: "otlp", outcome: "delivered" });
  return String(stream.read() ?? "")
    .split("\n")
    .filter(Boolean)
    .map((line) => stripVTControlCharacters(line).slice(9));
}

describe("the log on a terminal", () => {
  it("shows faults, scored traces, completions and deliveries by its level, and no secret and no control character", () => {
    expect(shown("silent")).toEqual([]);
    expect(shown("warn")).toEqual([expect.stringMatching(/^refused: password \*\*\*\P{Control}*$/u)]);
    expect(shown("info")).toEqual([
      "listening with ***",
      expect.stringMatching(/^refused/),
      expect.stringMatching(/^000001aaaaaa agent \*\*\* failed calm: /),
    ]);
    expect(shown("debug").slice(3)).toEqual([
      "000001aaaaaa complete: capped",
      "000001aaaaaa otlp: delivered",
    ]);
  });
});

describe("the log of a process", () => {
  const folder = temporaryFolder();
  let up: UpProcess;
  beforeAll(async () => {
    up = await startUp(folder.path, { args: ["--log-level", "debug"] });
  });
  afterAll(async () => {
    await up.stop("SIGKILL");
    folder.remove();
  });

  it("has JSON lines with level, time and trace", async () => {
    await up.send(run({ traceId: idOf(1) }));
    await up.complete(idOf(1));
    await up.scored(idOf(1));
    const about = up.log.filter(({ traceId }) => traceId === idOf(1));
    expect(about).toMatchObject([
      { level: "debug", msg: "complete", revision: 1, reason: "signalled" },
      { level: "info", msg: "passed", revision: 1, failed: [] },
    ]);
    for (const { time } of up.log) expect(time).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  });
});
