import type { SpanSketch } from "../../../../src/testing/spans.ts";
import { MODEL, usages } from "../order.ts";

export type Attributes = NonNullable<SpanSketch["attributes"]>;

/** `[first call, tool, second call]` below a root, as most clients lay them out. */
export function loop(
  root: SpanSketch,
  steps: readonly [SpanSketch, SpanSketch, SpanSketch],
): readonly SpanSketch[] {
  return [{ ...root, children: steps }];
}

/** GenAI attributes of a chat span. */
export function chatAttributes(index: 0 | 1, more: Attributes = {}): Attributes {
  return {
    "gen_ai.operation.name": "chat",
    "gen_ai.request.model": MODEL,
    "gen_ai.usage.input_tokens": usages[index].prompt_tokens,
    "gen_ai.usage.output_tokens": usages[index].completion_tokens,
    "gen_ai.usage.cache_read.input_tokens": 64,
    ...more,
  };
}

export const genaiTool: Attributes = {
  "gen_ai.operation.name": "execute_tool",
  "gen_ai.tool.name": "get_order_status",
  "gen_ai.tool.call.id": "call_1",
};
