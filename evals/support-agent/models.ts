import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";

import type { Tool } from "./tools/tool.ts";

/** One turn of the conversation, independent of the provider. */
export type Turn =
  | { readonly role: "user"; readonly text: string }
  | { readonly role: "assistant"; readonly text: string; readonly calls: readonly Call[] }
  | { readonly role: "tool"; readonly call: Call; readonly result: string };

/** A tool call that the model asked for. */
export interface Call {
  readonly id: string;
  readonly name: string;
  readonly input: Record<string, unknown>;
}

/** What a model call came back with. `finish` is the provider's own word. */
export interface Reply {
  readonly id: string;
  readonly model: string;
  readonly text: string;
  readonly calls: readonly Call[];
  readonly finish: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** What is asked of a model. */
export interface Ask {
  readonly system: string;
  readonly turns: readonly Turn[];
  readonly tools: readonly Tool[];
  readonly maxTokens: number;
}

/** A model behind its provider's own SDK. */
export interface Model {
  readonly provider: "openai" | "anthropic";
  readonly name: string;
  ask(ask: Ask): Promise<Reply>;
}

function openai(): OpenAI {
  const url = standIn();
  return url ? new OpenAI({ baseURL: `${url}/v1`, apiKey: "stand-in" }) : new OpenAI();
}

function anthropic(): Anthropic {
  const url = standIn();
  return url ? new Anthropic({ baseURL: url, apiKey: "stand-in" }) : new Anthropic();
}

function parseInput(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text || "{}");
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/** Base URL of a model server that stands in for both providers; unset: the real ones, with their own keys. */
const standIn = () => process.env.SUPPORT_AGENT_MODEL_URL;

/** GPT through the `openai` package; the key from its usual environment variable. */
export function gpt(name = "gpt-4o-mini"): Model {
  return {
    provider: "openai",
    name,
    async ask({ system, turns, tools, maxTokens }) {
      const completion = await openai().chat.completions.create({
        model: name,
        max_completion_tokens: maxTokens,
        messages: [{ role: "system", content: system }, ...turns.map(openaiMessage)],
        tools: tools.map(({ name, description, parameters }) => ({
          type: "function",
          function: { name, description, parameters: { ...parameters } },
        })),
      });
      const choice = completion.choices[0];
      if (!choice) throw new Error("The model returned no choice.");
      const calls = (choice.message.tool_calls ?? []).flatMap((call) =>
        call.type === "function"
          ? [{ id: call.id, name: call.function.name, input: parseInput(call.function.arguments) }]
          : [],
      );
      return {
        id: completion.id,
        model: completion.model,
        text: choice.message.content ?? "",
        calls,
        finish: choice.finish_reason,
        inputTokens: completion.usage?.prompt_tokens ?? 0,
        outputTokens: completion.usage?.completion_tokens ?? 0,
      };
    },
  };
}

function openaiMessage(turn: Turn): OpenAI.ChatCompletionMessageParam {
  if (turn.role === "user") return { role: "user", content: turn.text };
  if (turn.role === "tool") return { role: "tool", tool_call_id: turn.call.id, content: turn.result };
  if (turn.calls.length === 0) return { role: "assistant", content: turn.text };
  return {
    role: "assistant",
    content: turn.text || null,
    tool_calls: turn.calls.map((call) => ({
      id: call.id,
      type: "function",
      function: { name: call.name, arguments: JSON.stringify(call.input) },
    })),
  };
}

/** Claude through `@anthropic-ai/sdk`; the key from its usual environment variable. */
export function claude(name = "claude-haiku-4-5"): Model {
  return {
    provider: "anthropic",
    name,
    async ask({ system, turns, tools, maxTokens }) {
      const message = await anthropic().messages.create({
        model: name,
        max_tokens: maxTokens,
        system,
        messages: turns.map(anthropicMessage),
        tools: tools.map(({ name, description, parameters }) => ({
          name,
          description,
          input_schema: { ...parameters },
        })),
      });
      return {
        id: message.id,
        model: message.model,
        text: message.content.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n"),
        calls: message.content.flatMap((block) =>
          block.type === "tool_use"
            ? [{ id: block.id, name: block.name, input: parseInput(JSON.stringify(block.input)) }]
            : [],
        ),
        finish: message.stop_reason ?? "end_turn",
        inputTokens: message.usage.input_tokens,
        outputTokens: message.usage.output_tokens,
      };
    },
  };
}

function anthropicMessage(turn: Turn): Anthropic.MessageParam {
  if (turn.role === "user") return { role: "user", content: turn.text };
  if (turn.role === "tool") {
    return {
      role: "user",
      content: [{ type: "tool_result", tool_use_id: turn.call.id, content: turn.result }],
    };
  }
  const calls = turn.calls.map((call) => ({
    type: "tool_use" as const,
    id: call.id,
    name: call.name,
    input: call.input,
  }));
  return {
    role: "assistant",
    content: [...(turn.text ? [{ type: "text" as const, text: turn.text }] : []), ...calls],
  };
}
