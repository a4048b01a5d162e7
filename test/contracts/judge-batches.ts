import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { type Answer, isAnswer, type Judge, type NoAnswer, type Question } from "../../src/core/judge.ts";
import type { BatchProgress, JudgeBatches } from "../../src/core/judge-batches.ts";
import type { ModelBatchOptions } from "../../src/llmwire/batch-book.ts";
import type { Fault } from "../../src/llmwire/fault.ts";
import type { ModelReply, ModelRequest } from "../../src/llmwire/model-request.ts";
import { type ModelServer, startModelServer } from "../../src/llmwire/model-server.ts";
import type { JudgeSettings } from "./judge.ts";

/** What the suite needs to know of a provider with batches. */
export interface JudgeBatchesSubject {
  readonly name: string;
  /** Environment variable of the key. */
  readonly apiKeyEnv: string;
  readonly model: string;
  /** Requests are recognised by our id; else by their number and time. */
  readonly hasIds: boolean;
  /** Bytes the provider takes as one batch. */
  readonly takesBytes: number;
  make(server: ModelServer, settings: JudgeSettings): Judge;
}

const KEY = "sk-test-0123456789abcdef";
const { signal } = new AbortController();
/** The key of question `number`. */
export const key = (number: number) => number.toString(16).padStart(64, "0");

/** A question about trace `number`. */
export const questionOf = (number: number): Question => ({
  scorer: "resolved",
  version: "1",
  instructions: "Did the agent do what was asked?",
  content: `<<trace ${number}>>\nrecord\n<<end of trace ${number}>>`,
  labels: ["yes", "no", "cannot_judge"],
});

const usage = { inputTokens: 1_000, outputTokens: 100, cacheReadTokens: 400, cacheWriteTokens: 0 };
const good = { rationale: "It was booked.", evidence: ["00f067aa0ba902b7"], label: "yes" };
/** What the model says to all questions. */
export const answered: ModelReply = { text: JSON.stringify(good), usage };

/** What the batches of every provider must do, through its real SDK against a local server. */
export function judgeBatchesContract(subject: JudgeBatchesSubject): void {
  describe(`the batches of ${subject.name}`, () => {
    let server: ModelServer;
    /** By the number of the question's trace. */
    let replies: Map<number, ModelReply | Fault>;
    let options: ModelBatchOptions;

    beforeEach(async () => {
      replies = new Map();
      options = {};
      server = await startModelServer({
        reply: (request) => replies.get(numberIn(request)) ?? answered,
        batches: {
          submitted: (batch) => options.submitted?.(batch),
          looked: (batch) => options.looked?.(batch) ?? "ended",
          expires: (item, batch) => options.expires?.(item, batch) ?? false,
          now: () => options.now?.() ?? Date.now(),
        },
      });
    });
    afterEach(() => server.close());

    const judge = (env: { readonly [name: string]: string } = { [subject.apiKeyEnv]: KEY }) =>
      subject.make(server, { model: subject.model, env });
    const batches = (): JudgeBatches => {
      const { batches: some } = judge();
      if (some === undefined) throw new Error("has no batches");
      return some;
    };
    const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
    const questions = (count: number, change: Partial<Question> = {}) =>
      new Map(numbers(count).map((number) => [key(number), { ...questionOf(number), ...change }]));
    const submit = async (asked: ReadonlyMap<string, Question>, id = "b-1"): Promise<string> => {
      const list = [...asked].map(([name, question]) => ({ key: name, question }));
      const sent = await batches().submit(id, list, signal);
      if (!("batchId" in sent)) throw new Error(sent.reason);
      return sent.batchId;
    };
    const look = (batchId: string, asked: ReadonlyMap<string, Question>) =>
      batches().look(batchId, async () => asked, signal);
    const run = async (asked: ReadonlyMap<string, Question>) =>
      resultsIn(await look(await submit(asked), asked));

    it("run, and end with the answers that live calls give, for half the price", async () => {
      options = { looked: ({ looks }) => (looks < 3 ? "running" : "ended") };
      const asked = questions(3);
      const batchId = await submit(asked);

      expect(await look(batchId, asked)).toEqual({ state: "running" });
      expect(await look(batchId, asked)).toEqual({ state: "running" });
      const results = resultsIn(await look(batchId, asked));
      const live = await judge().ask(questionOf(1), signal);
      expect([...results.keys()]).toEqual([key(1), key(2), key(3)]);
      expect(results.get(key(1))).toEqual({ ...live, cost: (live.cost ?? Number.NaN) / 2 });
      expect(results.get(key(1))).toMatchObject({ ...good, usage });
      expect(server.requests().map(({ batch }) => batch)).toEqual([batchId, batchId, batchId, undefined]);
    });

    it("send what live calls send, but for what is marked to be kept", async () => {
      await run(questions(1));
      await judge().ask(questionOf(1), signal);

      const [batched, live] = server.requests().map(({ body }) => withoutMarks(body));
      expect(batched).toEqual(live);
    });

    it("pay once, however often they are looked at", async () => {
      const asked = questions(2);
      const batchId = await submit(asked);
      const first = await look(batchId, asked);

      expect(await look(batchId, asked)).toEqual(first);
      expect(server.requests()).toHaveLength(2);
    });

    it("tell what became of each question by itself", async () => {
      replies = new Map<number, ModelReply | Fault>([
        [1, { refusal: "I will not judge this.", usage }],
        [2, { text: '{"rationale": "It wa', finishReason: "length", usage }],
        [3, { text: JSON.stringify({ ...good, label: "maybe" }), usage }],
        [4, { fault: "status", status: 400, message: `odd parameter, key ${KEY}` }],
        [5, { fault: "status", status: 429 }],
        [6, { fault: "status", status: 529 }],
        [7, { fault: "status", status: 401, message: `Incorrect API key provided: ${KEY}` }],
      ]);
      const asked = questions(8);
      const results = resultsIn(await look(await submit(asked), asked));

      const codes = [...results.values()].map((result) => codeOf(result));
      expect(codes).toEqual([
        "refused",
        "cut",
        "schema-broken",
        "bad-request",
        "rate-limited",
        "provider-down",
        "key-refused",
        "yes",
      ]);
      const live = await judge().ask(questionOf(1), signal);
      expect(results.get(key(1))).toEqual({ ...live, cost: (live.cost ?? Number.NaN) / 2 });
      expect(results.get(key(2))).toMatchObject({ usage, secondTry: { kind: "more-output" } });
      expect(results.get(key(3))).toMatchObject({ usage, secondTry: { kind: "repair" } });
      for (const number of [5, 6]) {
        const result = results.get(key(number));
        expect(isNoAnswer(result) ? result.unscored : {}).not.toHaveProperty("retryAt");
        expect(result).not.toHaveProperty("cost");
      }
      expect(JSON.stringify([...results.values()])).not.toContain(KEY);
    });

    it("do not fall over one reply that cannot be read", async () => {
      replies.set(1, { fault: "status", status: 200, body: "{}" });
      const odd = '{"type": "error", "error": {"type": 7, "code": [], "message": {}}}';
      replies.set(2, { fault: "status", status: 500, body: odd });

      const results = [...(await run(questions(3))).values()];
      expect(results.map(codeOf)).toEqual(["provider-down", "provider-down", "yes"]);
    });

    it("leave out what was not asked for in time, and pay for the rest", async () => {
      options = { expires: ({ customId }) => customId === key(2) };
      replies.set(3, { fault: "hang" });
      const results = await run(questions(4));

      expect([...results.values()].map(codeOf)).toEqual(["yes", "not-asked", "not-asked", "yes"]);
      expect(server.requests()).toHaveLength(3);
    });

    it("leave out what was not asked when somebody cancelled the batch", async () => {
      options = { looked: () => "cancelled" };

      expect([...(await run(questions(2))).values()]).toEqual(["not-asked", "not-asked"]);
      expect(server.requests()).toHaveLength(0);
    });

    it("answer only the questions that are still wanted", async () => {
      const batchId = await submit(questions(3));
      const wanted = new Map([[key(2), questionOf(2)]]);

      expect([...resultsIn(await look(batchId, wanted)).keys()]).toEqual([key(2)]);
      expect(await look(batchId, new Map())).toEqual({ state: "ended", results: [] });
    });

    it("are gone when the provider knows them no longer", async () => {
      const asked = questions(1);
      const batchId = await submit(asked);
      options = { looked: () => "gone" };

      const gone = { state: "gone", reason: expect.stringContaining("no longer") };
      expect(await look(batchId, asked)).toEqual(gone);
      expect(await look("batch_of_nobody", asked)).toEqual(gone);
    });

    it("ask a second time as live calls do", async () => {
      const repair = { kind: "repair", written: "yes, surely", problem: "it is not JSON" } as const;
      const asked = new Map<string, Question>([
        [key(1), { ...questionOf(1), secondTry: { kind: "more-output" } }],
        [key(2), { ...questionOf(2), secondTry: repair }],
      ]);
      await run(asked);

      const [more, repaired] = server.requests();
      expect(more?.maxTokens).toBe(16_000);
      expect(repaired?.maxTokens).toBe(8_000);
      expect(repaired?.messages.map(({ role }) => role)).toEqual(["system", "user", "assistant", "user"]);
      expect(JSON.stringify(repaired?.messages.at(-1))).toContain("it is not JSON");
    });

    it("are found after the response was lost, and not when they never arrived", async () => {
      const asked = questions(2);
      const sentAt = Date.now();
      options = { submitted: () => "response-lost" };
      const list = [...asked].map(([name, question]) => ({ key: name, question }));
      expect(await batches().submit("b-1", list, signal)).toMatchObject({
        unscored: { code: "provider-down" },
      });

      const found = await batches().find(
        { id: "b-1", sentAt, sentUntil: sentAt + 600_000, questions: 2 },
        new Set(),
        signal,
      );
      const [taken] = server.batches();
      expect(found).toEqual({ batchId: taken?.id });
      expect([...resultsIn(await look(taken?.id ?? "", asked)).values()].map(codeOf)).toEqual(["yes", "yes"]);

      const other = {
        id: "b-2",
        sentAt: sentAt + 3 * 3_600_000,
        sentUntil: sentAt + 4 * 3_600_000,
        questions: 2,
      };
      expect(await batches().find(other, new Set(), signal)).toEqual({ batchId: null });
      expect(server.batches()).toHaveLength(1);
    });

    it("are found among more batches than one page shows", async () => {
      const sentAt = Date.now();
      const wanted = await submit(questions(2), "wanted");
      for (const number of numbers(101)) await submit(questions(1), `other-${number}`);

      const found = await batches().find(
        { id: "wanted", sentAt, sentUntil: sentAt + 600_000, questions: 2 },
        new Set(),
        signal,
      );
      expect(found).toEqual({ batchId: wanted });
    });

    it.skipIf(subject.hasIds)("are told apart by number and time, and are none that is known", async () => {
      const sentAt = Date.now();
      // The last one was made when ours could be on its way no longer.
      const times = [-120_000, 1_000, 5_000, 9_000, 700_000];
      const ids: string[] = [];
      for (const [index, time] of times.entries()) {
        options = { now: () => sentAt + time };
        ids.push(await submit(questions(index === 3 ? 3 : 2)));
      }
      const find = (known: readonly (string | undefined)[]) =>
        batches().find(
          { id: "b", sentAt, sentUntil: sentAt + 600_000, questions: 2 },
          new Set(known.map(String)),
          signal,
        );

      expect(await find([])).toEqual({ batchId: ids[1] });
      expect(await find([ids[1]])).toEqual({ batchId: ids[2] });
      expect(await find([ids[1], ids[2]])).toEqual({ batchId: null });
    });

    it.skipIf(subject.hasIds)("are gone when what was found turns out to be another's", async () => {
      const batchId = await submit(questions(2));
      const others = new Map([[key(9), questionOf(9)]]);

      expect(await look(batchId, others)).toMatchObject({ state: "gone" });
    });

    it.each([
      [401, "key-refused"],
      [404, "unknown-model"],
      [413, "too-large"],
      [429, "rate-limited"],
      [500, "provider-down"],
    ])("are not taken with HTTP %d, which is %s", async (status, code) => {
      const message = `No. Your key is ${KEY}.`;
      const headers = { "retry-after": "90" };
      options = { submitted: () => ({ fault: "status", status, message, headers }) };
      const before = Date.now();
      const sent = await batches().submit("b-1", [{ key: key(1), question: questionOf(1) }], signal);

      expect(sent).toMatchObject({ unscored: { code }, reason: expect.not.stringContaining("sk-test") });
      if (status === 429 && "unscored" in sent) {
        expect(sent.unscored.retryAt).toBeGreaterThanOrEqual(before + 90_000);
      }
      expect(server.batches()).toEqual([]);
    });

    it("fail to be looked at as live calls fail", async () => {
      const asked = questions(1);
      const batchId = await submit(asked);
      const looks: Fault[] = [{ fault: "status", status: 503 }, { fault: "cut" }, { fault: "reset" }];
      options = { looked: () => looks.shift() ?? "ended" };

      for (const _ of [1, 2, 3]) {
        expect(await look(batchId, asked)).toMatchObject({ unscored: { code: "provider-down" } });
      }
      expect(await look(batchId, asked)).toMatchObject({ state: "ended" });
    });

    it("give way when they are stopped", async () => {
      const controller = new AbortController();
      options = {
        submitted: () => {
          controller.abort();
          return { fault: "hang" };
        },
      };
      const one = [{ key: key(1), question: questionOf(1) }];
      const sent = await batches().submit("b-1", one, controller.signal);

      expect(sent).toMatchObject({ unscored: { code: "timed-out" } });
    });

    it("need a key", async () => {
      const { batches: keyless } = judge({});
      const noKey = { unscored: { code: "no-key" }, reason: expect.stringContaining(subject.apiKeyEnv) };

      expect(await keyless?.submit("b", [], signal)).toEqual(noKey);
      expect(
        await keyless?.find({ id: "b", sentAt: 0, sentUntil: 1, questions: 1 }, new Set(), signal),
      ).toEqual(noKey);
      expect(await keyless?.look("b", async () => new Map(), signal)).toEqual(noKey);
    });
  });
}

/** What becomes of a question. */
export type Result = Answer | NoAnswer | "not-asked";

/** What became of each question, by key. */
export function resultsIn(progress: BatchProgress | NoAnswer): ReadonlyMap<string, Result> {
  if (!("state" in progress) || progress.state !== "ended") throw new Error(JSON.stringify(progress));
  return new Map(progress.results.map(({ key: name, result }) => [name, result]));
}

function isNoAnswer(result: Result | undefined): result is NoAnswer {
  return typeof result === "object" && "unscored" in result;
}

/** In a word. */
export function codeOf(result: Result): string {
  if (result === "not-asked") return result;
  return isAnswer(result) ? result.label : result.unscored.code;
}

function numberIn({ messages }: ModelRequest): number {
  return Number(/<<trace (\d+)>>/.exec(JSON.stringify(messages))?.[1]);
}

/** JSON without what tells a provider to keep a part of a prompt. */
function withoutMarks(body: object): unknown {
  return JSON.parse(
    JSON.stringify(body, (name, value) =>
      ["cache_control", "prompt_cache_breakpoint"].includes(name) ? undefined : value,
    ),
  );
}
