import type { Message } from "../../src/core/message.ts";
import type { Trace } from "../../src/core/trace.ts";

/** What every recorded client and every fixture tells. */
export const QUESTION = "What is the status of order A-1001?";
export const ANSWER = "Order A-1001 has shipped and should arrive on 2026-11-24.";
export const RESULT = { status: "shipped", eta: "2026-11-24" };

/** The parts of a trace that the story fixes; absent where the sender does not record them. */
export interface Story {
  readonly input: string | undefined;
  readonly output: string | undefined;
  readonly turns: readonly string[];
  readonly tools: readonly unknown[];
  readonly usage: Trace["usage"];
  readonly models: readonly (string | undefined)[];
  readonly finishReasons: readonly (string | undefined)[];
}

/** Takes the story out of a trace. */
export function storyOf(trace: Trace): Story {
  const { reasoningTokens: _, ...usage } = trace.usage;
  return {
    input: trace.input,
    output: trace.output,
    turns: trace.messages.map(turnOf),
    tools: trace.toolCalls.map(({ name, callId, arguments: input, result, error }) => ({
      name,
      callId,
      input,
      result,
      error,
    })),
    usage,
    models: trace.llmCalls.map((call) => call.requestModel ?? call.model),
    finishReasons: trace.llmCalls.map((call) => call.finishReason),
  };
}

function turnOf(message: Message): string {
  return `${message.role}: ${message.parts.map((part) => part.type).join(" ")}`;
}

const tool = (callId: string) => ({
  name: "get_order_status",
  callId,
  input: { order_id: "A-1001" },
  result: RESULT,
  error: null,
});

/** The story as an OpenAI-shaped client tells it. */
export const openaiStory: Story = {
  input: QUESTION,
  output: ANSWER,
  turns: ["user: text", "assistant: tool_call", "tool: tool_result", "assistant: text"],
  tools: [tool("call_1")],
  usage: { inputTokens: 202, outputTokens: 42, cacheReadTokens: 128 },
  models: ["gpt-4o-mini", "gpt-4o-mini"],
  finishReasons: ["tool_call", "stop"],
};

/** The story as an Anthropic-shaped client tells it. */
export const anthropicStory: Story = {
  ...openaiStory,
  turns: ["user: text", "assistant: text tool_call", "tool: tool_result", "assistant: text"],
  tools: [tool("toolu_1")],
  usage: { inputTokens: 362, outputTokens: 42, cacheReadTokens: 128, cacheWriteTokens: 32 },
  models: ["claude-sonnet-5", "claude-sonnet-5"],
};
