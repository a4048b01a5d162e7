import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { afterEach, describe, expect, it } from "vitest";

import type { Fault } from "../../src/llmwire/fault.ts";
import type { ModelReply, ModelRequest } from "../../src/llmwire/model-request.ts";
import { type ModelServer, startModelServer } from "../../src/llmwire/model-server.ts";

let server: ModelServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function serve(reply: (request: ModelRequest) => ModelReply | Fault): Promise<ModelServer> {
  server = await startModelServer({ reply });
  return server;
}

const openaiOf = (running: ModelServer) =>
  new OpenAI({ baseURL: running.openaiBaseUrl, apiKey: "none", maxRetries: 0 });
const anthropicOf = (running: ModelServer) =>
  new Anthropic({ baseURL: running.anthropicBaseUrl, apiKey: "none", maxRetries: 0, openTelemetry: false });

const weatherSchema = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const usage = {
  inputTokens: 100,
  outputTokens: 20,
  cacheReadTokens: 30,
  cacheWriteTokens: 10,
  reasoningTokens: 5,
};
const callWeather: ModelReply = {
  text: "Let me look — añadido 🌦.",
  toolCalls: [{ name: "weather", arguments: { city: "Málaga, a city by the sea" } }],
  usage,
};
/** One conversation with a finished tool call in it, as every format must parse it. */
const parsedMessages = [
  { role: "system", parts: [{ type: "text", content: "Be brief." }] },
  { role: "user", parts: [{ type: "text", content: "Weather?" }] },
  {
    role: "assistant",
    parts: [
      { type: "text", content: "Looking." },
      { type: "tool_call", id: "c1", name: "weather", arguments: { city: "Oslo" } },
    ],
  },
  { role: "tool", parts: [{ type: "tool_result", id: "c1", result: '{"c":3}' }] },
];
const parsedTools = [{ name: "weather", description: "Looks it up.", parameters: weatherSchema }];

describe("OpenAI Chat Completions", () => {
  const body = {
    model: "gpt-4o-mini",
    max_completion_tokens: 50,
    temperature: 0.5,
    messages: [
      { role: "system" as const, content: "Be brief." },
      { role: "user" as const, content: [{ type: "text" as const, text: "Weather?" }] },
      {
        role: "assistant" as const,
        content: "Looking.",
        tool_calls: [
          {
            id: "c1",
            type: "function" as const,
            function: { name: "weather", arguments: '{"city":"Oslo"}' },
          },
        ],
      },
      { role: "tool" as const, tool_call_id: "c1", content: '{"c":3}' },
    ],
    tools: [
      {
        type: "function" as const,
        function: { name: "weather", description: "Looks it up.", parameters: weatherSchema },
      },
    ],
    response_format: {
      type: "json_schema" as const,
      json_schema: { name: "answer", schema: weatherSchema, strict: true },
    },
  };

  it("carries system prompt, tools, tool results and schema in, text, tool calls and usage out", async () => {
    const running = await serve(() => callWeather);
    const completion = await openaiOf(running).chat.completions.create(body);

    const [request] = running.requests();
    expect(request).toMatchObject({
      format: "openai-chat",
      model: "gpt-4o-mini",
      stream: false,
      maxTokens: 50,
    });
    expect(request?.temperature).toBe(0.5);
    expect(request?.messages).toEqual(parsedMessages);
    expect(request?.tools).toEqual(parsedTools);
    expect(request?.responseSchema).toEqual(weatherSchema);
    const choice = completion.choices[0];
    expect(choice?.finish_reason).toBe("tool_calls");
    expect(choice?.message.content).toBe(callWeather.text);
    const call = choice?.message.tool_calls?.[0];
    expect(call?.type === "function" && JSON.parse(call.function.arguments)).toEqual({
      city: "Málaga, a city by the sea",
    });
    expect(completion.usage).toMatchObject({
      prompt_tokens: 100,
      completion_tokens: 20,
      prompt_tokens_details: { cached_tokens: 30, cache_write_tokens: 10 },
      completion_tokens_details: { reasoning_tokens: 5 },
    });
  });

  it("streams the same reply that it gives whole", async () => {
    const running = await serve(() => callWeather);
    const client = openaiOf(running);
    const stream = client.chat.completions.stream({
      ...{ ...body, response_format: { type: "text" as const } },
      stream_options: { include_usage: true },
    });
    const streamed = await stream.finalChatCompletion();

    expect(streamed.choices[0]?.message.content).toBe(callWeather.text);
    expect(streamed.choices[0]?.finish_reason).toBe("tool_calls");
    const call = streamed.choices[0]?.message.tool_calls?.[0];
    expect(call?.type === "function" && call.function.arguments).toBe('{"city":"Málaga, a city by the sea"}');
    expect(streamed.usage?.prompt_tokens).toBe(100);
  });
});

describe("OpenAI Responses", () => {
  const body = {
    model: "gpt-5.4-mini",
    max_output_tokens: 60,
    instructions: "Be brief.",
    input: [
      { role: "user" as const, content: "Weather?" },
      { role: "assistant" as const, content: "Looking." },
      { type: "function_call" as const, call_id: "c1", name: "weather", arguments: '{"city":"Oslo"}' },
      { type: "function_call_output" as const, call_id: "c1", output: '{"c":3}' },
    ],
    tools: [
      {
        type: "function" as const,
        name: "weather",
        description: "Looks it up.",
        parameters: weatherSchema,
        strict: true,
      },
    ],
    text: { format: { type: "json_schema" as const, name: "answer", schema: weatherSchema, strict: true } },
  };

  it("carries system prompt, tools, tool results and schema in, text, tool calls and usage out", async () => {
    const running = await serve(() => callWeather);
    const response = await openaiOf(running).responses.create(body);

    const [request] = running.requests();
    expect(request).toMatchObject({ format: "openai-responses", stream: false, maxTokens: 60 });
    expect(request?.messages).toEqual(parsedMessages);
    expect(request?.tools).toEqual(parsedTools);
    expect(request?.responseSchema).toEqual(weatherSchema);
    expect(response.output_text).toBe(callWeather.text);
    expect(response.status).toBe("completed");
    const call = response.output.find((item) => item.type === "function_call");
    expect(call?.arguments).toBe('{"city":"Málaga, a city by the sea"}');
    expect(response.usage).toMatchObject({
      input_tokens: 100,
      input_tokens_details: { cached_tokens: 30, cache_write_tokens: 10 },
      output_tokens_details: { reasoning_tokens: 5 },
    });
  });

  it("streams the same reply that it gives whole", async () => {
    const running = await serve(() => callWeather);
    const streamed = await openaiOf(running)
      .responses.stream({ ...body, text: {} })
      .finalResponse();

    expect(streamed.output_text).toBe(callWeather.text);
    expect(streamed.output.map((item) => item.type)).toEqual(["message", "function_call"]);
    expect(streamed.usage?.input_tokens).toBe(100);
  });

  it("says when a reply was cut or refused", async () => {
    const running = await serve((request) =>
      request.maxTokens === 60 ? { text: "Half a", finishReason: "length" } : { refusal: "I will not." },
    );
    const client = openaiOf(running);
    const cut = await client.responses.create(body);
    const refused = await client.responses.create({ ...body, max_output_tokens: 61 });

    expect([cut.status, cut.incomplete_details?.reason]).toEqual(["incomplete", "max_output_tokens"]);
    const message = refused.output[0];
    expect(message?.type === "message" && message.content).toEqual([
      { type: "refusal", refusal: "I will not." },
    ]);
  });
});

describe("Anthropic Messages", () => {
  const body = {
    model: "claude-haiku-4-5",
    max_tokens: 70,
    system: "Be brief.",
    messages: [
      { role: "user" as const, content: "Weather?" },
      {
        role: "assistant" as const,
        content: [
          { type: "text" as const, text: "Looking." },
          { type: "tool_use" as const, id: "c1", name: "weather", input: { city: "Oslo" } },
        ],
      },
      {
        role: "user" as const,
        content: [
          {
            type: "tool_result" as const,
            tool_use_id: "c1",
            content: [{ type: "text" as const, text: '{"c":3}' }],
          },
        ],
      },
    ],
    tools: [
      {
        name: "weather",
        description: "Looks it up.",
        input_schema: { ...weatherSchema, type: "object" as const },
      },
    ],
    output_config: { format: { type: "json_schema" as const, schema: weatherSchema } },
  };

  it("carries system prompt, tools, tool results and schema in, text, tool calls and usage out", async () => {
    const running = await serve(() => callWeather);
    const message = await anthropicOf(running).messages.create(body);

    const [request] = running.requests();
    expect(request).toMatchObject({ provider: "anthropic", stream: false, maxTokens: 70 });
    expect(request?.messages).toEqual(parsedMessages);
    expect(request?.tools).toEqual(parsedTools);
    expect(request?.responseSchema).toEqual(weatherSchema);
    expect(message.stop_reason).toBe("tool_use");
    expect(message.content).toMatchObject([
      { type: "text", text: callWeather.text },
      { type: "tool_use", name: "weather", input: { city: "Málaga, a city by the sea" } },
    ]);
    expect(message.usage).toMatchObject({
      input_tokens: 60,
      cache_read_input_tokens: 30,
      cache_creation_input_tokens: 10,
      output_tokens: 20,
    });
  });

  it("streams the same reply that it gives whole", async () => {
    const running = await serve(() => callWeather);
    const client = anthropicOf(running);
    const whole = await client.messages.create(body);
    const streamed = await client.messages.stream(body).finalMessage();

    expect(streamed.content).toMatchObject([
      { type: "text", text: callWeather.text },
      { type: "tool_use", input: { city: "Málaga, a city by the sea" } },
    ]);
    expect(streamed.stop_reason).toBe(whole.stop_reason);
    expect(streamed.usage.output_tokens).toBe(20);
  });
});

describe("startModelServer", () => {
  const ask = { model: "gpt-4o", messages: [{ role: "user" as const, content: "Hi" }] };

  it("gives equal ids to equal runs and different ids to repeated requests", async () => {
    const idsOfOneRun = async () => {
      const client = openaiOf(await serve(() => ({ text: "Hi." })));
      const ids = [await client.chat.completions.create(ask), await client.chat.completions.create(ask)].map(
        (completion) => completion.id,
      );
      await server?.close();
      return ids;
    };
    const first = await idsOfOneRun();
    const second = await idsOfOneRun();
    server = undefined;

    expect(second).toEqual(first);
    expect(new Set(first).size).toBe(2);
  });

  it("answers with the status and headers of a fault, in the provider's error shape", async () => {
    const running = await serve(() => ({
      fault: "status",
      status: 429,
      headers: { "retry-after": "7" },
      message: "slow down",
    }));
    const openaiError = await openaiOf(running)
      .chat.completions.create(ask)
      .catch((error: unknown) => error);
    const anthropicError = await anthropicOf(running)
      .messages.create({ ...ask, max_tokens: 5 })
      .catch((error: unknown) => error);

    expect(openaiError).toBeInstanceOf(OpenAI.RateLimitError);
    expect(openaiError instanceof OpenAI.APIError && openaiError.headers?.get("retry-after")).toBe("7");
    expect(anthropicError).toBeInstanceOf(Anthropic.RateLimitError);
    expect(anthropicError instanceof Anthropic.APIError && anthropicError.apiMessage).toBe("slow down");
  });

  it("cuts the connection in the middle of a reply", async () => {
    const running = await serve(() => ({ fault: "cut" }));
    await expect(openaiOf(running).chat.completions.create(ask)).rejects.toThrow();
  });

  it("closes although a request hangs", async () => {
    const arrived = Promise.withResolvers<void>();
    const running = await startModelServer({
      reply: () => {
        arrived.resolve();
        return { fault: "hang" };
      },
    });
    const hanging = openaiOf(running)
      .chat.completions.create(ask)
      .catch((error: unknown) => error);
    await arrived.promise;
    await running.close();

    expect(await hanging).toBeInstanceOf(OpenAI.APIConnectionError);
  });

  it("turns a thrown error into a 500 with its message", async () => {
    const running = await serve(() => {
      throw new Error("script is empty");
    });
    await expect(openaiOf(running).chat.completions.create(ask)).rejects.toThrow("script is empty");
  });

  it("refuses a body that is not a JSON object, and an unknown path", async () => {
    const running = await serve(() => ({ text: "never" }));
    const bad = await fetch(`${running.openaiBaseUrl}/chat/completions`, { method: "POST", body: "[1" });
    const lost = await fetch(`${running.url}/v1/embeddings`, { method: "POST", body: "{}" });

    expect([bad.status, lost.status]).toEqual([400, 404]);
    expect(running.requests()).toEqual([]);
  });
});
