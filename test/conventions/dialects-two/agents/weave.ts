import type { OtlpSketch, SpanSketch } from "../../../../src/testing/spans.ts";
import { ANSWER, ARGUMENTS, chat, completions, json, MODEL, QUESTION, RESULT } from "../order.ts";
import { chatAttributes, loop } from "./attributes.ts";

/** W&B Weave with `export_otel`. */
export function weave(): OtlpSketch {
  const call = (index: 0 | 1): SpanSketch => ({
    name: "openai.chat.completions.create",
    kind: "client",
    attributes: {
      ...chatAttributes(index),
      "weave.op_name": "openai.chat.completions.create",
      "weave.call_id": `c-${index}`,
      "gen_ai.provider.name": "openai",
      "gen_ai.conversation.id": "s-1",
      "gen_ai.prompt": json(index === 0 ? chat.first : chat.second),
      "gen_ai.completion": json(completions[index].choices),
      "gen_ai.response.finish_reasons": [completions[index].choices[0].finish_reason],
      "weave.summary": json({ usage: { [MODEL]: { requests: 1 } } }),
      "weave.attributes.user_id": "u-1",
    },
  });
  return {
    scope: "weave.export_otel",
    spans: loop(
      {
        name: "support",
        attributes: {
          "gen_ai.operation.name": "execute",
          "weave.op_name": "support",
          "wandb.display_name": "Support",
          "wandb.thread_id": "s-1",
          "wandb.is_turn": true,
          "gen_ai.prompt": json({ question: QUESTION }),
          "gen_ai.completion": ANSWER,
        },
      },
      [
        call(0),
        {
          name: "get_order_status",
          attributes: {
            "weave.span.kind": "tool",
            "weave.observation.input": json(ARGUMENTS),
            "weave.observation.output": json(RESULT),
            "gen_ai.tool.name": "get_order_status",
          },
        },
        call(1),
      ],
    ),
  };
}
