import { zstdCompressSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { TracegateError } from "../../src/core/errors.ts";
import { type Message, textMessage } from "../../src/core/message.ts";
import type { IdleSession } from "../../src/core/store.ts";
import type { Trace } from "../../src/core/trace.ts";
import { defineJudge } from "../../src/judges/define-judge.ts";
import { evaluate } from "../../src/pipeline/evaluate.ts";
import type { Repeating } from "../../src/pipeline/repeat.ts";
import { type ScoreSessionOptions, scoreSession } from "../../src/pipeline/score-session.ts";
import { startSessions } from "../../src/pipeline/session-loop.ts";
import { summarize } from "../../src/pipeline/summarize.ts";
import { defineSessionScorer, overSession } from "../../src/scorers/define-session-scorer.ts";
import { openDatabase } from "../../src/store/open-database.ts";
import { SqliteStore } from "../../src/store/sqlite-store.ts";
import type { StateDatabase } from "../../src/store/state-database.ts";
import { makeTrace } from "../../src/testing/make-trace.ts";
import { type ScriptedReply, scriptedJudge } from "../../src/testing/scripted-judge.ts";
import { makeFragment, traceIdOf } from "../store/make-fragment.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";

const { signal } = new AbortController();
const sessionId = "chat-1";
const resolved = overSession(
  defineJudge("resolved", { question: "Did the user get what they came for?", labels: { yes: 1, no: 0 } }),
);

/** Three runs of one conversation; each records the whole history again. */
const history: readonly Message[] = [
  textMessage("user", "Where is A-1?"),
  textMessage("assistant", "It has shipped."),
  textMessage("user", "And B-2?"),
  textMessage("assistant", "Not yet."),
  textMessage("user", "Then cancel it."),
  textMessage("assistant", "Cancelled."),
];
const run = (order: number, messages: readonly Message[], more: Partial<Trace> = {}): Trace => ({
  ...makeTrace({ traceId: traceIdOf(order), sessionId, messages, toolCalls: [{ name: `step_${order}` }] }),
  startTime: 1_000 * order,
  ...more,
});
const traces = [run(1, history.slice(0, 2)), run(2, history.slice(0, 4)), run(3, history)];

describe("a session that has been idle", () => {
  const folder = { path: "", remove: () => {} };
  const clock = { time: 100_000, now: () => clock.time };
  let database: StateDatabase;
  let store: SqliteStore;
  let loop: Repeating | undefined;
  beforeEach(() => {
    Object.assign(folder, temporaryFolder());
    clock.time = 100_000;
    database = openDatabase(folder.path);
    store = new SqliteStore(database);
  });
  afterEach(async () => {
    await loop?.stop();
    loop = undefined;
    database.close();
    folder.remove();
  });

  const save = async (
    trace: Trace,
    sampling = { sampled: true, probability: 1, reason: "error" as const },
  ) => {
    const payload = zstdCompressSync(makeFragment(trace.traceId, [{ id: 1 }]).bytes);
    const summary = { ...summarize(trace, clock.time), sampling };
    await store.saveScored({ summary, scores: [], rootAttributes: {}, payload, sinks: [] });
  };
  const options = (replies: readonly ScriptedReply[], more: Partial<ScoreSessionOptions> = {}) => {
    const judge = scriptedJudge(replies);
    const given: ScoreSessionOptions = {
      store,
      clock,
      retries: { attempts: 3, baseMs: 1_000, maxMs: 60_000 },
      scorers: [resolved],
      sinkNames: ["otlp"],
      readTrace: ([span]) => traces.find(({ traceId }) => traceId === span?.traceId) ?? makeTrace(),
      evaluate: (subject, scorers, stop) => evaluate(subject, scorers, { judge, signal: stop }),
      ...more,
    };
    return { judge, given };
  };
  const idle = () => store.idleSessions({ before: clock.time, after: 0, limit: 10 });
  const [session]: readonly IdleSession[] = [{ sessionId, lastAt: 100_000 }];

  it("is shown to a judge as one conversation, told once, and its score is kept with the last trace", async () => {
    for (const trace of traces) await save(trace);
    const { judge, given } = options([{ label: "yes", evidence: ["0000000000000002"] }]);
    const { retryAt } = await scoreSession(session ?? expect.fail(), given, signal);

    const content = judge.questions()[0]?.content ?? "";
    expect(content.match(/^\| Where is A-1\?$/gm)).toHaveLength(1);
    expect(content.match(/^\| And B-2\?$/gm)).toHaveLength(1);
    expect(content).toContain("# Final answer\n| Cancelled.");
    expect(content).toMatch(/step_1[\s\S]*step_2[\s\S]*step_3/);
    const stored = await store.trace(traceIdOf(3));
    expect(stored?.scores).toMatchObject([
      { name: "session-resolved", value: 1, metadata: { sessionId, sessionTraces: 3 } },
    ]);
    expect(stored?.rootAttributes).toMatchObject({ "tracegate.score.session-resolved": 1 });
    expect((await store.trace(traceIdOf(1)))?.scores).toEqual([]);
    expect(await store.deliveries(traceIdOf(3))).toMatchObject([{ sink: "otlp", state: "waiting" }]);
    expect(retryAt).toBeNull();
    expect(await idle()).toEqual([]);
  });

  it("waits for a judge that was away, and is then done", async () => {
    for (const trace of traces) await save(trace);
    const away = { unscored: { code: "rate-limited", retryAt: 105_000 }, reason: "Slow down." } as const;
    const { given } = options([away, "no"]);

    const first = await scoreSession(session ?? expect.fail(), given, signal);
    // The provider's time is the earliest one; a share is added, so that not all come back together.
    expect(first.retryAt).toBeGreaterThanOrEqual(105_000);
    expect(first.retryAt).toBeLessThanOrEqual(105_500);
    expect(await idle()).toHaveLength(1);
    expect((await store.trace(traceIdOf(3)))?.scores).toEqual([]);

    const second = await scoreSession(session ?? expect.fail(), given, signal);
    expect(second).toMatchObject({ retryAt: null, scores: [{ value: 0 }] });
    expect(await idle()).toEqual([]);
  });

  it("is tried again after the wait of judgeRetries when the provider names no time, and given up in the end", async () => {
    for (const trace of traces) await save(trace);
    const down = { unscored: { code: "provider-down" }, reason: "Away." } as const;
    const { given, judge } = options([down, down, down]);
    const waits: number[] = [];
    loop = startSessions({
      store,
      clock,
      idleMs: 0,
      forgetMs: 10_000_000,
      everyMs: 5,
      async score(one, stop, tries) {
        const scored = await scoreSession(one, { ...given, tries }, stop);
        if (scored.retryAt !== null) {
          waits.push(scored.retryAt - clock.time);
          clock.time = scored.retryAt;
        }
        return scored;
      },
    });

    clock.time += 1;
    await vi.waitFor(async () => expect(await idle()).toEqual([]));
    expect(waits).toEqual([
      expect.toSatisfy((wait: number) => wait >= 500 && wait <= 1_000),
      expect.toSatisfy((wait: number) => wait >= 1_000 && wait <= 2_000),
    ]);
    expect(judge.questions()).toHaveLength(3);
    expect((await store.trace(traceIdOf(3)))?.scores).toMatchObject([
      { value: null, unscored: { code: "provider-down" }, explanation: "Away. Given up after 3 tries." },
    ]);
  });

  it("is left to rules where its last trace is not in the sample, and judged with its chance where it is", async () => {
    const short = defineSessionScorer("short", {}, ({ traces }) => traces.length < 3);
    const scorers = [resolved, short];
    for (const trace of traces) await save(trace, { ...LEFT_OUT, reason: "error" });
    const left = await scoreSession(session ?? expect.fail(), options([], { scorers }).given, signal);
    expect(left.scores).toMatchObject([{ name: "short", value: 0, unscored: null }]);

    await save(run(3, history, { revision: 2 }), { sampled: true, probability: 0.1, reason: "error" });
    const judged = await scoreSession(session ?? expect.fail(), options(["yes"], { scorers }).given, signal);
    expect(judged.scores).toMatchObject([{ value: 1, inclusionProbability: 0.1 }, { name: "short" }]);
    expect(judged.scores[1]?.inclusionProbability).toBeUndefined();
  });

  it("is done with nothing to look at when its spans are gone", async () => {
    const summary = summarize(traces[0] ?? expect.fail(), clock.time);
    await store.saveScored({ summary, scores: [], rootAttributes: {}, payload: null, sinks: [] });
    const scored = await scoreSession(session ?? expect.fail(), options([]).given, signal);

    expect(scored).toEqual({ scores: [], retryAt: null, wasTry: false });
    expect(await idle()).toEqual([]);
  });

  it("is scored once, when it has been quiet, and again when the conversation goes on", async () => {
    for (const trace of traces.slice(0, 2)) await save(trace);
    const { given, judge } = options(["no", "yes"]);
    const score = (one: IdleSession, stop: AbortSignal) => scoreSession(one, given, stop);
    const looks = vi.spyOn(store, "idleSessions");
    loop = startSessions({ store, clock, idleMs: 30_000, everyMs: 5, score });
    const look = (times: number) =>
      vi.waitFor(() => expect(looks.mock.calls.length).toBeGreaterThanOrEqual(times));

    await look(2);
    expect(judge.questions()).toHaveLength(0);
    clock.time += 30_000;
    await vi.waitFor(() => expect(judge.questions()).toHaveLength(1));
    await look(looks.mock.calls.length + 2);
    expect(judge.questions()).toHaveLength(1);

    await save(traces[2] ?? expect.fail());
    clock.time += 30_000;
    await vi.waitFor(() => expect(judge.questions()).toHaveLength(2));
    await vi.waitFor(async () =>
      expect((await store.trace(traceIdOf(3)))?.scores).toMatchObject([{ value: 1 }]),
    );
    expect((await store.trace(traceIdOf(2)))?.scores).toMatchObject([{ value: 0 }]);
  });

  it("that breaks does not keep others from their turn", async () => {
    await save(run(1, history.slice(0, 2), { sessionId: "broken" }));
    await save(run(2, history.slice(0, 2), { sessionId: "whole" }));
    clock.time += 30_000;
    const faults: unknown[] = [];
    const scored: string[] = [];
    loop = startSessions({
      store,
      clock,
      idleMs: 30_000,
      everyMs: 5,
      onFault: (error) => faults.push(error),
      async score(one) {
        scored.push(one.sessionId);
        if (one.sessionId === "broken") throw new TracegateError("internal", "It broke.");
        await store.sessionScored(one);
        return { scores: [], retryAt: null, wasTry: false };
      },
    });
    await vi.waitFor(() => expect(scored).toEqual(["broken", "whole"]));
    expect(faults).toMatchObject([{ message: "It broke." }]);
  });
});

const LEFT_OUT = { sampled: false, probability: 0.1 };
