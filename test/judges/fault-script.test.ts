import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { isAnswer, type Judge, type Question } from "../../src/core/judge.ts";
import { anthropic } from "../../src/judges/anthropic.ts";
import { askThrough } from "../../src/judges/ask-through.ts";
import { openai } from "../../src/judges/openai.ts";
import type { Fault } from "../../src/llmwire/fault.ts";
import type { ModelReply } from "../../src/llmwire/model-request.ts";
import { type ModelServer, startModelServer } from "../../src/llmwire/model-server.ts";

const question: Question = {
  scorer: "s",
  version: "1",
  instructions: "i",
  content: "c",
  labels: ["yes", "no", "cannot_judge"],
};
const answer = (label: string) => JSON.stringify({ rationale: "r", evidence: [], label });
const usage = { inputTokens: 1_000, outputTokens: 10 };
const failing = (status: number, headers = {}): Fault => ({ fault: "status", status, headers });

/** What a provider may do, and whether it is paid for. */
const EVENTS = {
  answered: { text: answer("yes"), usage },
  undecided: { text: answer("cannot_judge"), usage },
  refused: { refusal: "No.", usage },
  cut: { text: '{"rationale":', finishReason: "length", usage },
  broken: { text: answer("perhaps"), usage },
  limited: failing(429, { "retry-after": "5" }),
  overloaded: failing(529),
  crashed: failing(500),
  rejected: failing(400),
  reset: { fault: "reset" },
  truncated: { fault: "cut" },
  garbled: { fault: "broken-json" },
} as const satisfies { readonly [event: string]: ModelReply | Fault };

type Event = keyof typeof EVENTS;
const isEvent = (name: string): name is Event => name in EVENTS;
const names = Object.keys(EVENTS).filter(isEvent);

/** The outcome that an event is by itself, where no second try helps. */
const CODES: { readonly [event in Event]: string } = {
  answered: "yes",
  undecided: "cannot_judge",
  refused: "refused",
  cut: "cut",
  broken: "schema-broken",
  limited: "rate-limited",
  overloaded: "provider-down",
  crashed: "provider-down",
  rejected: "bad-request",
  reset: "provider-down",
  truncated: "provider-down",
  garbled: "provider-down",
};

describe.each(["responses", "chat", "decisions", "anthropic"] as const)(
  "a script of faults, played to %s",
  (api) => {
    let server: ModelServer;
    let script: Event[];
    let played: Event[];
    let judge: Judge;

    beforeAll(async () => {
      server = await startModelServer({
        reply: () => {
          const event = script.shift() ?? "answered";
          played.push(event);
          return EVENTS[event];
        },
      });
      const env = { OPENAI_API_KEY: "k", ANTHROPIC_API_KEY: "k" };
      const fallback = anthropic({ model: "claude-haiku-4-5", env, baseURL: server.anthropicBaseUrl });
      const { openaiBaseUrl, anthropicBaseUrl } = server;
      judge =
        api === "anthropic"
          ? anthropic({ model: "claude-haiku-4-5", env, baseURL: anthropicBaseUrl, fallback })
          : openai({ model: "gpt-6-luna", env, baseURL: openaiBaseUrl, api, fallback });
    });
    afterAll(() => server.close());
    beforeEach(() => {
      played = [];
    });

    it("ends each question as its last event says, knows all that was paid, and plays no event twice", async () => {
      const { signal } = new AbortController();
      // Decisions write nothing that could be cut.
      const possible = names.filter((name) => api !== "decisions" || name !== "cut");
      const events = fc.array(fc.constantFrom(...possible), { minLength: 4, maxLength: 4 });
      await fc.assert(
        fc.asyncProperty(events, async (given) => {
          [script, played] = [[...given], []];
          const result = await askThrough(judge, question, signal);

          const last = played.at(-1) ?? "answered";
          expect(isAnswer(result) ? result.label : result.unscored.code).toBe(CODES[last]);
          expect(result.calls ?? 1).toBe(played.length);
          const paid = played.filter((event) => "usage" in EVENTS[event]).length;
          expect(result.usage?.inputTokens ?? 0).toBe(paid * usage.inputTokens);
          expect((result.cost ?? 0) > 0).toBe(paid > 0);
          // Of the judge itself two tries at the most, and two of its fallback.
          expect(played.length).toBeLessThanOrEqual(4);
          expect(result).not.toHaveProperty("secondTry");
        }),
        { seed: 6, numRuns: 60 },
      );
    });
  },
);
