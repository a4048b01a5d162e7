import type { OtlpSketch, SpanSketch } from "../../../../src/testing/spans.ts";
import {
  ANSWER,
  ARGUMENTS,
  chat,
  completions,
  json,
  MODEL,
  QUESTION,
  RESULT,
  TOOL,
  usages,
} from "../order.ts";
import { type Attributes, loop } from "./attributes.ts";

/** Braintrust: groups as JSON, or spelled out with dots. */
export function braintrust(spelling: "json" | "flat"): OtlpSketch {
  const group = (name: string, value: { readonly [key: string]: string | number }): Attributes =>
    spelling === "json"
      ? { [`braintrust.${name}`]: json(value) }
      : Object.fromEntries(Object.entries(value).map(([key, inner]) => [`braintrust.${name}.${key}`, inner]));
  const call = (index: 0 | 1): SpanSketch => ({
    name: "Chat Completion",
    attributes: {
      ...group("span_attributes", { type: "llm" }),
      ...group("metadata", { provider: "openai", model: MODEL, temperature: 0.2, tools: json([TOOL]) }),
      ...group("metrics", {
        prompt_tokens: usages[index].prompt_tokens,
        completion_tokens: usages[index].completion_tokens,
        prompt_cached_tokens: 64,
        tokens: usages[index].total_tokens,
        time_to_first_token: 0.04,
      }),
      "braintrust.input_json": json(index === 0 ? chat.first : chat.second),
      "braintrust.output_json": json(completions[index].choices),
    },
  });
  return {
    scope: "braintrust",
    spans: loop(
      {
        name: "support",
        attributes: {
          ...group("span_attributes", { type: "task", name: "support" }),
          ...group("metadata", { user_id: "u-1", session_id: "s-1" }),
          ...group("scores", { helpful: 0.5 }),
          "braintrust.input_json": json({ question: QUESTION }),
          "braintrust.output_json": json(ANSWER),
          "braintrust.tags": ["beta"],
          "braintrust.parent": "project_name:shop",
        },
      },
      [
        call(0),
        {
          name: "get_order_status",
          attributes: {
            ...group("span_attributes", { type: "tool" }),
            "braintrust.input_json": json(ARGUMENTS),
            "braintrust.output_json": json(RESULT),
          },
        },
        call(1),
      ],
    ),
  };
}
