import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { Question } from "../../src/core/judge.ts";
import type { JudgeBatches } from "../../src/core/judge-batches.ts";
import type { ModelBatchOptions } from "../../src/llmwire/batch-book.ts";
import type { Fault } from "../../src/llmwire/fault.ts";
import { type ModelServer, startModelServer } from "../../src/llmwire/model-server.ts";
import { answered, codeOf, type JudgeBatchesSubject, key, questionOf, resultsIn } from "./judge-batches.ts";

const { signal } = new AbortController();

/** What the batches of every provider must do with results that are spoilt, and with questions of odd sizes. */
export function judgeBatchFaultsContract(subject: JudgeBatchesSubject): void {
  describe(`results of ${subject.name}`, () => {
    let server: ModelServer;
    let options: ModelBatchOptions;
    let loads = 0;

    beforeEach(async () => {
      options = {};
      loads = 0;
      server = await startModelServer({
        reply: () => answered,
        batches: {
          looked: (batch) => options.looked?.(batch) ?? "ended",
          expires: (item, batch) => options.expires?.(item, batch) ?? false,
          fetched: () => options.fetched?.(),
          written: (line, customId) => options.written?.(line, customId) ?? line,
        },
      });
    });
    afterEach(() => server.close());

    const batches = (): JudgeBatches => {
      const env = { [subject.apiKeyEnv]: "sk-test-0123456789abcdef" };
      const { batches: some } = subject.make(server, { model: subject.model, env });
      if (some === undefined) throw new Error("has no batches");
      return some;
    };
    const questions = (count: number): ReadonlyMap<string, Question> =>
      new Map(Array.from({ length: count }, (_, index) => [key(index + 1), questionOf(index + 1)]));
    const submit = async (asked: ReadonlyMap<string, Question>): Promise<string> => {
      const list = [...asked].map(([name, question]) => ({ key: name, question }));
      const sent = await batches().submit("b-1", list, signal);
      if (!("batchId" in sent)) throw new Error(sent.reason);
      return sent.batchId;
    };
    const look = (batchId: string, asked: ReadonlyMap<string, Question>) => {
      const load = async () => {
        loads += 1;
        return asked;
      };
      return batches().look(batchId, load, signal);
    };
    const codes = async (asked: ReadonlyMap<string, Question>) =>
      [...resultsIn(await look(await submit(asked), asked)).values()].map(codeOf);
    /** Spoils lines by the number of their question. */
    const spoil = (lines: { readonly [number: number]: (line: string, customId: string) => string }) => {
      options = { ...options, written: (line, id) => lines[Number.parseInt(id, 16)]?.(line, id) ?? line };
    };

    it("are read line by line, whatever one of them looks like", async () => {
      const half = (line: string, id: string) => line.slice(0, line.indexOf(id) + id.length + 20);
      const odd = (_line: string, custom_id: string) =>
        JSON.stringify({ custom_id, response: 7, result: 7, error: 7 });
      const empty = (_line: string, custom_id: string) => JSON.stringify({ custom_id });
      spoil({ 1: half, 3: odd, 4: empty });
      const asked = questions(5);
      const results = resultsIn(await look(await submit(asked), asked));

      const down = "provider-down";
      expect([...results.values()].map(codeOf)).toEqual([down, "yes", down, down, "yes"]);
      expect(results.get(key(1))).toMatchObject({ reason: expect.stringContaining("unreadable") });
    });

    it.each([
      ["cut off at its end", (line: string) => line.slice(0, 12)],
      ["null", () => "null"],
      ["a text", () => '"custom_id"'],
      ["a list", () => "[1]"],
      ["without a name", () => "{}"],
      ["with a number for a name", () => '{"custom_id": 7}'],
    ])("are not thought unpaid where a line is %s", async (_how, spoilt) => {
      spoil({ 2: spoilt });
      expect(await codes(questions(3))).toEqual(["yes", "provider-down", "yes"]);

      // Nor another's when that is the only one.
      spoil({ 1: spoilt });
      expect(await codes(questions(1))).toEqual(["provider-down"]);
    });

    it("are told once, though a spoilt line names a question that has a good one", async () => {
      spoil({ 1: (line, id) => `${line}\n{"custom_id": "${id}",` });

      expect(await codes(questions(2))).toEqual(["yes", "yes"]);
    });

    it("are fetched again when they broke off, as live replies are", async () => {
      const asked = questions(2);
      const batchId = await submit(asked);
      const faults: Fault[] = [{ fault: "cut" }, { fault: "reset" }, { fault: "status", status: 503 }];
      options = { fetched: () => faults.shift() };

      for (const _ of [1, 2, 3]) {
        expect(await look(batchId, asked)).toMatchObject({ unscored: { code: "provider-down" } });
      }
      expect([...resultsIn(await look(batchId, asked)).values()].map(codeOf)).toEqual(["yes", "yes"]);
    });

    it("are the only thing that questions are loaded for", async () => {
      const asked = questions(2);
      const batchId = await submit(asked);
      options = { looked: () => "running" };
      await look(batchId, asked);
      options = { looked: () => ({ fault: "status", status: 503 }) };
      await look(batchId, asked);
      options = { fetched: () => ({ fault: "status", status: 503 }) };
      await look(batchId, asked);
      await look("batch_of_nobody", asked);
      expect(loads).toBe(0);

      options = {};
      await look(batchId, asked);
      expect(loads).toBe(1);
    });

    it("do not hide that questions cannot be loaded", async () => {
      const batchId = await submit(questions(1));
      const away = new TypeError("The store is away.");

      await expect(batches().look(batchId, () => Promise.reject(away), signal)).rejects.toBe(away);
    });

    it("are another account's where the key is another's", () => {
      expect(batches().account).toBe(subject.apiKeyEnv);
      const settings = { model: subject.model, apiKeyEnv: "OTHER_KEY", env: { OTHER_KEY: "sk-secret" } };
      const judge = subject.make(server, settings);
      expect(judge.batches?.account).toBe("OTHER_KEY");
      expect(JSON.stringify(judge)).not.toContain("sk-secret");
    });

    it("are there for one question that is larger than a batch should be", async () => {
      const content = `<<trace 1>>\n${"record ".repeat(1_400_000)}\n<<end of trace 1>>`;
      expect(content.length).toBeGreaterThan(batches().maxBytes);

      expect(await codes(new Map([[key(1), { ...questionOf(1), content }]]))).toEqual(["yes"]);
    });

    it("come of the largest batch that is made, which the provider takes", async () => {
      const { maxBytes, maxQuestions } = batches();
      const small: Question = { ...questionOf(1), instructions: "?", content: "?" };
      const stored = Buffer.byteLength(JSON.stringify(small));
      await submit(new Map([[key(1), small]]));
      await look(server.batches()[0]?.id ?? "", new Map());

      const wire = Buffer.byteLength(JSON.stringify(server.batches()[0]?.items));
      const most = Math.min(maxQuestions, Math.floor(maxBytes / stored));
      expect(maxBytes + most * (wire - stored)).toBeLessThan(subject.takesBytes / 2);
    });
  });
}
