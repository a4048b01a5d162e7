import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { type Answer, isAnswer, type Judge, type NoAnswer, type Question } from "../../src/core/judge.ts";
import { textOf } from "../../src/core/message.ts";
import { askThrough } from "../../src/judges/ask-through.ts";
import type { ProviderOptions } from "../../src/judges/provider-call.ts";
import type { Fault } from "../../src/llmwire/fault.ts";
import type { ModelReply, ModelRequest } from "../../src/llmwire/model-request.ts";
import { type ModelServer, startModelServer } from "../../src/llmwire/model-server.ts";

/** What a provider is told beyond the server it must talk to. */
export type JudgeSettings = Omit<ProviderOptions, "baseURL">;

/** What the suite needs to know of a provider. */
export interface JudgeSubject {
  readonly name: string;
  /** Environment variable of the key. */
  readonly apiKeyEnv: string;
  /** A priced model, and what 1,000 input tokens (400 of them from the cache) and 100 output tokens cost, USD. */
  readonly model: string;
  readonly cost: number;
  /** False for one that picks a label and writes nothing: no schema, no reasons, nothing to cut. Default true. */
  readonly writes?: boolean;
  /** Headers in which this provider tells that of 500 requests 499 are free, and all of them again in a minute. */
  readonly limitHeaders: (now: number) => { readonly [name: string]: string };
  make(server: ModelServer, settings: JudgeSettings): Judge;
}

const KEY = "sk-test-0123456789abcdef";

const question: Question = {
  scorer: "resolved",
  version: "1",
  instructions: "Did the agent do what was asked?",
  content: "<<trace 0123456789abcdef>>\nrecord\n<<end of trace 0123456789abcdef>>",
  labels: ["yes", "no", "cannot_judge"],
};

const usage = {
  inputTokens: 1_000,
  outputTokens: 100,
  cacheReadTokens: 400,
  cacheWriteTokens: 0,
  reasoningTokens: 30,
};

const written = (answer: object) => JSON.stringify(answer);
const good = { rationale: "It was booked.", evidence: ["00f067aa0ba902b7"], label: "yes" };

/** What every judge provider must do, through its real SDK against a local server. */
export function judgeContract(subject: JudgeSubject): void {
  const writes = subject.writes ?? true;
  describe(`${subject.name} as a judge`, () => {
    let server: ModelServer;
    let reply: (request: ModelRequest) => ModelReply | Fault | Promise<ModelReply | Fault>;

    beforeEach(async () => {
      server = await startModelServer({ reply: (request) => reply(request) });
    });
    afterEach(() => server.close());

    const ask = (
      settings: Partial<JudgeSettings> = {},
      signal: AbortSignal = new AbortController().signal,
    ): Promise<Answer | NoAnswer> => {
      const env = { [subject.apiKeyEnv]: KEY };
      return subject.make(server, { model: subject.model, env, ...settings }).ask(question, signal);
    };
    const askFor = (given: ModelReply | Fault, settings: Partial<JudgeSettings> = {}) => {
      reply = () => given;
      return ask(settings);
    };

    it("gives label, rationale, evidence, model, usage and cost", async () => {
      const answer = await askFor({ text: written(good), usage });

      const said = writes ? good : { label: "yes", evidence: [], probabilities: { yes: 1, no: 0 } };
      expect(answer).toMatchObject({ ...said, model: subject.model, usage });
      expect(isAnswer(answer) && answer.cost).toBeCloseTo(subject.cost, 10);
    });

    it("hands up what the headers say of the provider's limits, with an answer and without", async () => {
      const now = Date.now();
      const headers = subject.limitHeaders(now);
      const answered = await askFor({ text: written(good), headers });
      const limited = await askFor({
        fault: "status",
        status: 429,
        headers: { ...headers, "retry-after": "3" },
      });

      const requests = { limit: 500, remaining: 499, resetAt: expect.any(Number) };
      expect(answered.limits).toEqual({ requests });
      expect(Math.abs((answered.limits?.requests?.resetAt ?? 0) - (now + 60_000))).toBeLessThan(10_000);
      expect(limited.limits).toEqual({ requests, retryAt: expect.any(Number) });
      expect(await askFor({ text: written(good) })).not.toHaveProperty("limits");
    });

    it.runIf(writes)(
      "sends a strict schema with the labels, in which the reasons come before the label",
      async () => {
        await askFor({ text: written(good) });

        const [request] = server.requests();
        expect(request?.responseSchema).toMatchObject({
          type: "object",
          additionalProperties: false,
          required: ["rationale", "evidence", "label"],
          properties: { label: { enum: ["yes", "no", "cannot_judge"] } },
        });
        const properties = request?.responseSchema?.properties;
        expect(Object.keys(properties ?? {})).toEqual(["rationale", "evidence", "label"]);
        expect(JSON.stringify(request?.responseSchema)).not.toContain("$schema");
      },
    );

    it("sends the instructions as the system's and the record as the user's", async () => {
      await askFor({ text: written(good) });

      const [request] = server.requests();
      expect(request?.messages).toEqual([
        { role: "system", parts: [{ type: "text", content: question.instructions }] },
        { role: "user", parts: [{ type: "text", content: question.content }] },
      ]);
      if (writes) expect(request?.maxTokens).toBe(8_000);
      expect(request?.temperature).toBeUndefined();
      if (request?.format === "openai-responses") expect(request.body.store).toBe(false);
    });

    it("has no cost for a model without a price", async () => {
      const answer = await askFor(
        { text: written(good), usage, model: "house-model" },
        { model: "house-model" },
      );

      expect(answer).toMatchObject({ label: "yes", model: "house-model" });
      expect(answer).not.toHaveProperty("cost");
    });

    it("calls a refusal refused, and keeps what it cost", async () => {
      const answer = await askFor({ refusal: "I will not judge this.", usage });

      expect(answer).toMatchObject({ unscored: { code: "refused" }, usage });
      expect(answer.cost).toBeCloseTo(subject.cost, 10);
      if (writes) expect(!isAnswer(answer) && answer.reason).toContain("I will not judge this.");
    });

    it.runIf(writes)("calls a reply that hit the token limit cut, and keeps what it cost", async () => {
      const answer = await askFor({ text: '{"rationale": "It wa', finishReason: "length", usage });

      expect(answer).toMatchObject({ unscored: { code: "cut" }, usage, secondTry: { kind: "more-output" } });
      expect(!isAnswer(answer) && answer.reason).toContain("maxOutputTokens");
    });

    it("calls a label outside the set schema-broken, and keeps what it cost", async () => {
      const answer = await askFor({ text: written({ ...good, label: "maybe" }), usage });

      expect(answer).toMatchObject({ unscored: { code: "schema-broken" }, usage });
      expect(answer).not.toHaveProperty("label");
    });

    it.runIf(writes).each([
      ["text that is not JSON", "yes, surely"],
      ["a missing field", written({ label: "yes", evidence: [] })],
      ["a field too many", written({ ...good, verdict: "pass" })],
      ["no text at all", ""],
    ])("calls %s schema-broken", async (_what, text) => {
      const answer = await askFor({ text, usage });

      const secondTry = { kind: "repair", written: text, problem: expect.any(String) };
      expect(answer).toMatchObject({ unscored: { code: "schema-broken" }, usage, secondTry });
    });

    it.runIf(writes)(
      "shows the model what it wrote and what is wrong with it, when asked to repair it",
      async () => {
        reply = () => ({ text: written(good) });
        const secondTry = { kind: "repair", written: "yes, surely", problem: "it is not JSON" } as const;
        const env = { [subject.apiKeyEnv]: KEY };
        const judge = subject.make(server, { model: subject.model, env });
        const answer = await judge.ask({ ...question, secondTry }, new AbortController().signal);

        expect(answer).toMatchObject({ label: "yes" });
        const turns = server
          .requests()[0]
          ?.messages.slice(1)
          .map((turn) => [turn.role, textOf(turn)]);
        expect(turns).toEqual([
          ["user", question.content],
          ["assistant", "yes, surely"],
          ["user", expect.stringContaining("it is not JSON")],
        ]);
      },
    );

    it.runIf(writes)("may write twice as much when its first answer was cut", async () => {
      reply = ({ maxTokens }) =>
        maxTokens === 8_000
          ? { text: '{"rationale": "It wa', finishReason: "length", usage }
          : { text: written(good), usage };
      const env = { [subject.apiKeyEnv]: KEY };
      const judge = subject.make(server, { model: subject.model, env });
      const answer = await askThrough(judge, question, new AbortController().signal);

      expect(answer).toMatchObject({
        label: "yes",
        calls: 2,
        usage: { inputTokens: 2_000, outputTokens: 200 },
      });
      expect(answer.cost).toBeCloseTo(2 * subject.cost, 10);
      expect(server.requests().map(({ maxTokens }) => maxTokens)).toEqual([8_000, 16_000]);
    });

    it("waits as long as retry-after says when it is rate-limited", async () => {
      const before = Date.now();
      const answer = await askFor({ fault: "status", status: 429, headers: { "retry-after": "90" } });

      expect(answer).toMatchObject({ unscored: { code: "rate-limited" } });
      const retryAt = isAnswer(answer) ? 0 : (answer.unscored.retryAt ?? 0);
      expect(retryAt).toBeGreaterThanOrEqual(before + 90_000);
      expect(retryAt).toBeLessThanOrEqual(Date.now() + 90_000);
    });

    it.each([500, 503, 529])("calls HTTP %d provider-down, and does not retry by itself", async (status) => {
      const answer = await askFor({ fault: "status", status });

      expect(answer).toMatchObject({ unscored: { code: "provider-down" } });
      expect(server.requests()).toHaveLength(1);
    });

    it("names a time to come back at only where the provider does", async () => {
      for (const status of [429, 503]) {
        const answer = await askFor({ fault: "status", status });
        expect(isAnswer(answer) ? {} : answer.unscored).not.toHaveProperty("retryAt");
      }
      const before = Date.now();
      const named = await askFor({ fault: "status", status: 503, headers: { "retry-after": "90" } });
      expect(!isAnswer(named) && named.unscored.retryAt).toBeGreaterThanOrEqual(before + 90_000);
    });

    it.each([401, 403])(
      "calls HTTP %d key-refused, names the variable and never shows the key",
      async (status) => {
        const message = `Incorrect API key provided: ${KEY}, also seen as sk-test*********cdef.`;
        const answer = await askFor({ fault: "status", status, message });

        expect(answer).toMatchObject({ unscored: { code: "key-refused" } });
        const reason = isAnswer(answer) ? "" : answer.reason;
        expect(reason).toContain("Incorrect API key provided");
        expect(reason).toContain(subject.apiKeyEnv);
        expect(reason).not.toContain("sk-test");
      },
    );

    it("does not try a refused request again", async () => {
      const answer = await askFor({ fault: "status", status: 400, message: "odd parameter" });

      expect(answer).toMatchObject({ unscored: { code: "bad-request" } });
      expect(!isAnswer(answer) && answer.unscored.retryAt).toBeUndefined();
      expect(!isAnswer(answer) && answer.reason).toContain("odd parameter");
    });

    it.each([
      [402, "quota"],
      [404, "unknown-model"],
      [413, "too-large"],
      [422, "bad-request"],
    ])("calls HTTP %d %s, which no later try would change", async (status, code) => {
      const answer = await askFor({ fault: "status", status });

      expect(answer).toMatchObject({ unscored: { code } });
      expect(!isAnswer(answer) && answer.unscored.retryAt).toBeUndefined();
    });

    it("tells a spent quota from a rate limit, though both may be 429", async () => {
      const message = "You exceeded your current quota, please check your plan and billing details.";
      const spent = { type: "insufficient_quota", code: "insufficient_quota", message };
      const limited = { type: "requests", code: "rate_limit_exceeded", message };
      const bodyOf = (error: object) => JSON.stringify({ type: "error", error });
      const said = (error: object) => askFor({ fault: "status", status: 429, body: bodyOf(error) });

      expect(await said(spent)).toMatchObject({ unscored: { code: "quota" } });
      expect(await said(limited)).toMatchObject({ unscored: { code: "rate-limited" } });
    });

    it.each([["cut"], ["broken-json"], ["reset"]] as const)(
      "calls a connection that gives %s provider-down",
      async (fault) => {
        const answer = await askFor({ fault });

        expect(answer).toMatchObject({ unscored: { code: "provider-down" } });
      },
    );

    it("gives up after its timeout", async () => {
      const answer = await askFor({ fault: "hang" }, { timeoutMs: 50 });

      expect(answer).toMatchObject({ unscored: { code: "timed-out" } });
      expect(!isAnswer(answer) && answer.reason).toContain("0.05 s");
    });

    it("stops when its signal fires, also when it had fired before", async () => {
      const arrived = Promise.withResolvers<void>();
      reply = () => {
        arrived.resolve();
        return { fault: "hang" };
      };
      const controller = new AbortController();
      const asked = ask({}, controller.signal);
      await arrived.promise;
      controller.abort();

      expect(await asked).toMatchObject({ unscored: { code: "timed-out" } });
      expect(await ask({}, controller.signal)).toMatchObject({ unscored: { code: "timed-out" } });
      expect(server.requests()).toHaveLength(1);
    });

    it("says which variable to set when there is no key, and asks nobody", async () => {
      const answer = await ask({ env: {} });

      expect(answer).toMatchObject({ unscored: { code: "no-key" } });
      expect(!isAnswer(answer) && answer.reason).toContain(subject.apiKeyEnv);
      // Which local servers do not check, and newcomers to them do not know.
      expect(!isAnswer(answer) && answer.reason).toMatch(
        /If 127\.0\.0\.1:\d+ asks for none, any text will do/,
      );
      expect(server.requests()).toEqual([]);
    });

    it("reads the key from the variable it is told, when it is first asked", async () => {
      const env: { [name: string]: string } = {};
      const judge = subject.make(server, { model: subject.model, apiKeyEnv: "HOUSE_KEY", env });
      reply = () => ({ text: written(good) });

      expect(await judge.ask(question, new AbortController().signal)).toMatchObject({
        reason: expect.stringContaining("HOUSE_KEY"),
      });
      env.HOUSE_KEY = KEY;
      expect(await judge.ask(question, new AbortController().signal)).toMatchObject({ label: "yes" });
    });

    it("has an identity that changes with what may change an answer, and with nothing else", () => {
      const identity = (settings: Partial<JudgeSettings>) =>
        subject.make(server, { model: subject.model, ...settings }).identity;

      expect(identity({ timeoutMs: 1, env: {} })).toBe(identity({}));
      expect(identity({ model: "other" })).not.toBe(identity({}));
      expect(identity({ effort: "high" })).not.toBe(identity({}));
      expect(identity({ maxOutputTokens: 7 })).not.toBe(identity({}));
    });
  });
}
