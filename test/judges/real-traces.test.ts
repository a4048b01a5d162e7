import { existsSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";

import { readTraces } from "../../src/app/read-traces.ts";
import { groundedness } from "../../src/judges/built-in/groundedness.ts";
import { openai } from "../../src/judges/openai.ts";
import { renderTrace } from "../../src/judges/render-trace.ts";
import { type ModelServer, startModelServer } from "../../src/llmwire/model-server.ts";
import { makeTrace } from "../../src/testing/make-trace.ts";

const SAMPLE = "../shared/data/traces.sample.jsonl.gz";
const { signal } = new AbortController();

let server: ModelServer | undefined;
afterEach(() => server?.close());

describe("the renderer on real traces", () => {
  it.skipIf(!existsSync(SAMPLE))(
    `fits each of them into 24,000 and into 2,000 tokens (skipped without ${SAMPLE})`,
    async () => {
      let traces = 0;
      const onProblem = (problem: string) => expect.fail(problem);
      for await (const trace of readTraces({ files: [SAMPLE], onProblem, signal })) {
        traces += 1;
        for (const budgetTokens of [24_000, 2_000]) {
          const options = {
            context: "trajectory",
            labels: ["yes", "no"],
            reminder: "",
            budgetTokens,
          } as const;
          const rendered = renderTrace(trace, options);
          const content = "content" in rendered ? rendered.content : expect.fail("does not fit");

          expect(content.length).toBeLessThanOrEqual(budgetTokens * 4);
          for (const call of trace.toolCalls.filter((each) => each.error !== null)) {
            expect(content).toContain(`${call.spanId} tool ${call.name} ERROR`);
          }
        }
      }
      expect(traces).toBeGreaterThan(30);
    },
  );
});

describe("a judge from trace to score", () => {
  it("is asked over the wire about the record and cites a span of it", async () => {
    server = await startModelServer({
      reply: (request) => {
        const record = JSON.stringify(request.messages.at(-1));
        const cited = /#1 ([0-9a-f]{16}) tool get_price/.exec(record)?.[1] ?? "none";
        const isMadeUp = record.includes("costs 90 EUR");
        const label = isMadeUp ? "no" : "yes";
        return {
          text: JSON.stringify({ rationale: "The tool said 80.", evidence: [cited, "made-up"], label }),
        };
      },
    });
    const judge = openai({
      model: "gpt-4o-mini",
      env: { OPENAI_API_KEY: "k" },
      baseURL: server.openaiBaseUrl,
    });
    const trace = makeTrace({
      toolCalls: [{ name: "get_price", result: { price: 80 } }],
      output: "It costs 90 EUR.",
    });
    const score = await groundedness().score({ trace }, { signal, judge });

    expect(score).toMatchObject({
      value: 0,
      label: "no",
      explanation: "The tool said 80.",
      evidence: ["0000000000000002"],
      metadata: { judgeProvider: "openai", judgeModel: "gpt-4o-mini", unknownEvidence: 1 },
    });
    expect(score.metadata.costUsd).toBeGreaterThan(0);
  });
});
