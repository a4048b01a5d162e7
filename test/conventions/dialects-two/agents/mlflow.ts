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
import { loop } from "./attributes.ts";

/** MLflow 3.16, `mlflow.openai.autolog()` and a traced tool. */
export function mlflow(): OtlpSketch {
  const call = (index: 0 | 1): SpanSketch => ({
    name: "Completions",
    attributes: {
      "mlflow.spanType": json("CHAT_MODEL"),
      "mlflow.spanInputs": json({
        model: MODEL,
        messages: index === 0 ? chat.first : chat.second,
        tools: [TOOL],
        temperature: 0.2,
      }),
      "mlflow.spanOutputs": json(completions[index]),
      "mlflow.chat.tokenUsage": json({
        input_tokens: usages[index].prompt_tokens,
        output_tokens: usages[index].completion_tokens,
        total_tokens: usages[index].total_tokens,
      }),
      "mlflow.llm.model": json(MODEL),
      "mlflow.llm.provider": json("openai"),
      "mlflow.llm.cost": json({ input_cost: 0.001, output_cost: 0.002, total_cost: 0.003 }),
      "mlflow.message.format": json("openai"),
    },
  });
  const root: SpanSketch = {
    name: "support",
    attributes: {
      "mlflow.spanType": json("AGENT"),
      "mlflow.spanFunctionName": json("support"),
      "mlflow.spanInputs": json({ question: QUESTION }),
      "mlflow.spanOutputs": json(ANSWER),
      "mlflow.traceTag.tenant": "o-1",
      "mlflow.linkedPrompts": json([{ name: "support-prompt", version: "3" }]),
      "user.id": json("u-1"),
      "session.id": "s-1",
    },
  };
  const tool: SpanSketch = {
    name: "get_order_status",
    attributes: {
      "mlflow.spanType": json("TOOL"),
      "mlflow.spanInputs": json(ARGUMENTS),
      "mlflow.spanOutputs": json(RESULT),
    },
  };
  return { scope: "mlflow", spans: loop(root, [call(0), tool, call(1)]) };
}
