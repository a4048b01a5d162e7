import type { OtlpSketch, SpanSketch } from "../../../../src/testing/spans.ts";
import { ANSWER, genai, json, MODEL, QUESTION, usages } from "../order.ts";

/** CrewAI under OpenLLMetry 0.62: crew, task and agent are all `invoke_agent`. */
export function crewaiTraceloop(): OtlpSketch {
  const call = (index: 0 | 1): SpanSketch => ({
    name: `${MODEL}.llm`,
    attributes: {
      "gen_ai.operation.name": "chat",
      "gen_ai.request.model": MODEL,
      "gen_ai.provider.name": "openai",
      "gen_ai.usage.input_tokens": usages[index].prompt_tokens,
      "gen_ai.usage.output_tokens": usages[index].completion_tokens,
      "gen_ai.input.messages": json([
        genai.system,
        genai.question,
        ...(index === 0 ? [] : [genai.call, genai.result]),
      ]),
      "gen_ai.output.messages": json([index === 0 ? genai.call : genai.answer]),
    },
  });
  const invokes = { "gen_ai.provider.name": "crewai", "gen_ai.operation.name": "invoke_agent" };
  const agent: SpanSketch = {
    name: "support.agent",
    attributes: {
      ...invokes,
      "traceloop.span.kind": "agent",
      "gen_ai.agent.name": "support",
      "crewai.agent.role": "support",
      "crewai.agent.goal": "help",
      "crewai.agent.tools": json([{ name: "get_order_status", description: "Look up an order" }]),
      "gen_ai.usage.input_tokens": 202,
      "gen_ai.usage.output_tokens": 42,
    },
    children: [call(0), call(1)],
  };
  const task: SpanSketch = {
    name: `${QUESTION}.task`,
    attributes: {
      ...invokes,
      "traceloop.span.kind": "task",
      "crewai.task.description": QUESTION,
      "traceloop.entity.output": ANSWER,
    },
    children: [agent],
  };
  return {
    scope: "opentelemetry.instrumentation.crewai",
    spans: [
      {
        name: "crewai.workflow",
        attributes: {
          ...invokes,
          "crewai.crew.tasks": json([{ id: "1", description: QUESTION }]),
          "crewai.crew.agents": json([{ role: "support" }]),
          "crewai.crew.result": ANSWER,
        },
        children: [task],
      },
    ],
  };
}
