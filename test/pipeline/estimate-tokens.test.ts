import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";

import { readTraces } from "../../src/app/read-traces.ts";
import type { Message } from "../../src/core/message.ts";
import { estimateTokens } from "../../src/pipeline/estimate-tokens.ts";

const TRACES = "../shared/data/traces.es.jsonl.gz";

describe("the estimate of tokens", () => {
  it("is near the ten tokens that GPT-4o and later count for a sentence", () => {
    const tokens = estimateTokens("The quick brown fox jumps over the lazy dog.", "gpt-4o");
    expect(Math.abs(tokens - 10)).toBeLessThanOrEqual(1);
  });

  it("takes more for digits and marks than for words, and more for Claude", () => {
    const words = "where is the parcel that came yesterday";
    expect(estimateTokens('{"id":[1,2,3],"at":"2026-11-20T10:00"}', "gpt-4o")).toBeGreaterThan(
      2 * estimateTokens(words, "gpt-4o"),
    );
    expect(estimateTokens(words, "claude-opus-4-6")).toBeCloseTo(1.2 * estimateTokens(words, "gpt-4o"));
    expect(estimateTokens("包裹在哪里", "gpt-4o")).toBeGreaterThan(estimateTokens("where", "gpt-4o"));
    expect(estimateTokens(" ".repeat(1_000), "gpt-4o")).toBeLessThan(2);
  });

  it.skipIf(!existsSync(TRACES))(
    `is within 15 % of what providers counted, by the median over runs (skipped without ${TRACES})`,
    async () => {
      const errors: number[] = [];
      const { signal } = new AbortController();
      for await (const { llmCalls } of readTraces({ files: [TRACES], onProblem: () => {}, signal })) {
        let [estimated, counted] = [0, 0];
        for (const [index, { input = [], usage, model = "" }] of llmCalls.entries()) {
          const before = llmCalls[index - 1];
          const more = (usage.inputTokens ?? 0) - (before?.usage.inputTokens ?? Number.POSITIVE_INFINITY);
          if (before?.input === undefined || more <= 0) continue;
          const added = input.slice(before.input.length);
          counted += more;
          // Six tokens mark a turn.
          estimated += 6 * added.length + estimateTokens(added.map(written).join("\n"), model);
        }
        if (counted > 0) errors.push(Math.abs(estimated / counted - 1));
      }
      expect(errors.length).toBeGreaterThan(100);
      expect(errors.toSorted((a, b) => a - b)[errors.length >> 1]).toBeLessThan(0.15);
    },
  );
});

function written({ parts }: Message): string {
  return parts
    .map((part) => {
      if (part.type === "text" || part.type === "reasoning") return part.content;
      if (part.type === "tool_call") return part.name + JSON.stringify(part.arguments ?? {});
      if (part.type !== "tool_result") return "";
      return typeof part.result === "string" ? part.result : JSON.stringify(part.result ?? "");
    })
    .join("\n");
}
