import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { explain } from "../../src/app/explain.ts";
import { decisionWords } from "../../src/app/explain-decision.ts";
import { noteRefusals } from "../../src/app/note-refusals.ts";
import { estimateOf } from "../../src/app/paused-scorers.ts";
import type { LedgerState } from "../../src/core/ledger-state.ts";
import type { LedgerRow } from "../../src/core/store.ts";
import { TRACE_ITSELF } from "../../src/pipeline/process-trace.ts";
import { openDatabase } from "../../src/store/open-database.ts";
import { SqliteStore } from "../../src/store/sqlite-store.ts";
import { SqliteTraceBuffer } from "../../src/store/sqlite-trace-buffer.ts";
import type { StateDatabase } from "../../src/store/state-database.ts";
import { scoredTrace, scoreOf } from "../contracts/store.ts";
import { POLICY } from "../contracts/trace-buffer.ts";
import { makeFragment, traceIdOf } from "../store/make-fragment.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";

const traceId = traceIdOf(1);
const row: LedgerRow = {
  subject: traceId,
  revision: 1,
  scorer: "resolved",
  version: "1",
  state: "scored",
  code: null,
  reason: null,
  attempts: 2,
  at: 0,
  retryAt: null,
};

describe("a row of the ledger in words (nothing runs and nothing says why: langfuse#13202, langfuse#15681, phoenix#15340)", () => {
  it.each<[LedgerState, Partial<LedgerRow>, RegExp | null]>([
    ["scored", {}, null],
    ["filtered", { code: "not-applicable" }, null],
    [
      "waiting",
      { code: "rate-limited", retryAt: 0 },
      /^After 2 tries it is asked again at 1970-01-01T00:00:00.000Z/,
    ],
    ["waiting", {}, /waits in the queue/],
    ["paused", { code: "quota" }, /`tracegate resume resolved`/],
    ["sampled-out", { code: "sampled-out" }, /[Rr]aise sampling/],
    ["over-budget", { code: "over-budget" }, /resume .* --over-budget/],
    ["too-large", { code: "too-large" }, /which limit.*budgetTokens of "resolved"/],
    ["in-doubt", {}, /may have been paid twice/],
    ["superseded", {}, /newer revision/],
    ["failed", { code: "schema-broken" }, /does not keep to the schema/],
    ["failed", { code: "rate-limited" }, /tries are spent/],
    ["failed", { code: "no-key" }, /key of the judge/],
    ["failed", { scorer: TRACE_ITSELF, code: "bad-input" }, /dead redrive 0+1-1/],
    ["failed", { code: "constructor" }, null],
  ])("%s %j says what comes next", (state, more, next) => {
    const words = decisionWords({ ...row, ...more, state }, undefined);
    if (next === null) expect(words.next).toBeNull();
    else expect(words.next).toMatch(next);
  });

  it("gives the verdict before the code and the reason", () => {
    expect(decisionWords(row, scoreOf("resolved", 0.2, { explanation: "It was not." })).reason).toBe(
      "failed with 0.2: It was not.",
    );
    const held = { ...row, state: "paused", code: "quota", reason: "OpenAI said 429: Empty." } as const;
    expect(decisionWords(held, undefined).reason).toBe("quota: OpenAI said 429: Empty.");
  });
});

describe("what a backfill will cost", () => {
  const mean = { usd: 0.002, inputTokens: 1_000.4, outputTokens: 50, answers: 9 };

  it("is the traces times the means", () => {
    expect(estimateOf(10, mean)).toEqual({ usd: 0.02, inputTokens: 10_004, outputTokens: 500, answers: 9 });
  });

  it("is unknown, not zero, without a price or without any answer, and zero without traces", () => {
    expect(estimateOf(10, { ...mean, usd: null })).toMatchObject({ usd: null, inputTokens: 10_004 });
    expect(estimateOf(10, null)).toEqual({ usd: null, inputTokens: null, outputTokens: null, answers: 0 });
    expect(estimateOf(0, null)).toMatchObject({ usd: 0, inputTokens: 0 });
  });
});

describe("why, of a trace", () => {
  const folder = { path: "", remove: () => {} };
  let database: StateDatabase;
  let store: SqliteStore;
  let buffer: SqliteTraceBuffer;
  beforeEach(() => {
    Object.assign(folder, temporaryFolder());
    database = openDatabase(folder.path);
    store = new SqliteStore(database);
    buffer = new SqliteTraceBuffer(database);
  });
  afterEach(() => {
    database.close();
    folder.remove();
  });
  const why = () => explain(traceId, { store, buffer });
  const root = makeFragment(traceId, [{ id: 1 }]);
  const deadRow: LedgerRow = {
    ...row,
    scorer: TRACE_ITSELF,
    state: "failed",
    code: "bad-input",
    reason: "Byte 7.",
  };

  it("that never arrived says so", async () => {
    expect(await why()).toMatchObject({
      state: "unknown",
      summary: expect.stringContaining("No span of this trace"),
    });
  });

  it("that never arrived tells of requests that were refused, over restarts and of all receivers", async () => {
    const faults: unknown[] = [];
    const note = (receiver: string, refused: Record<number, number>) =>
      noteRefusals({
        store,
        receiver,
        refused: () => refused,
        onFault: (error) => void faults.push(error),
      })();
    await note("one", {});
    expect((await why()).summary).not.toContain("refused");
    await note("one", { 413: 2, 400: 1 });
    await note("one", { 413: 3 });
    await note("two", { 429: 1 });
    expect((await why()).summary).toMatch(
      /The receiver has refused 7 requests so far, the last about 20.*Z \(HTTP 413, 400, 429\); its spans may/,
    );
    expect(faults).toEqual([]);
    expect(await store.openDecisions()).toEqual([]);
  });

  it("that is partial says what has come and what is missing", async () => {
    await buffer.append([makeFragment(traceId, [{ id: 2, parent: 1 }])], 5_000);
    expect((await why()).summary).toMatch(/^1 span has arrived since .*its root has not ended\.$/);
  });

  it("whose spans come late has both the old score and what waits", async () => {
    await buffer.append([root], 0);
    await buffer.signal(traceId, 0);
    await buffer.seal(1, POLICY, 9);
    await buffer.release(traceId, 1);
    await store.saveScored(scoredTrace(traceId, 1, [scoreOf("calm", 1)]));
    await buffer.append([makeFragment(traceId, [{ id: 2, parent: 1 }])], 5_000);
    const { state, summary, decisions } = await why();
    expect(state).toBe("collecting");
    expect(summary).toMatch(
      /^Revision 1 with 3 spans was scored .* 1 span has come late since .*new revision/,
    );
    expect(decisions).toMatchObject([
      { scorer: "calm", state: "scored", reason: "passed with 1", next: null },
    ]);
  });

  it("that is dead says so and what to do, until it has been scored after all", async () => {
    await buffer.append([root], 0);
    await buffer.signal(traceId, 0);
    await buffer.seal(1, POLICY, 9);
    expect(await why()).toMatchObject({ state: "queued" });
    await store.record([deadRow]);
    expect(await why()).toMatchObject({
      state: "dead",
      summary: "It could not be scored, and is not tried again by itself. Its 1 span is kept for a redrive.",
      decisions: [{ scorer: TRACE_ITSELF, next: expect.stringContaining("dead redrive") }],
    });
    await store.saveScored(scoredTrace(traceId, 1, [scoreOf("calm", 1)]));
    await buffer.release(traceId, 1);
    const { state, decisions } = await why();
    expect([state, decisions.map(({ scorer }) => scorer)]).toEqual(["scored", ["calm"]]);
  });
});
