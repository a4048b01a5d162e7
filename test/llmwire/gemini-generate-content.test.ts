import { afterEach, describe, expect, it } from "vitest";

import { parseJson } from "../../src/core/json.ts";
import { geminiGenerateContent } from "../../src/llmwire/gemini-generate-content.ts";
import type { ModelReply } from "../../src/llmwire/model-request.ts";
import { type ModelServer, startModelServer } from "../../src/llmwire/model-server.ts";

let server: ModelServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

const schema = { type: "OBJECT", properties: { city: { type: "STRING" } }, required: ["city"] };
const body = {
  systemInstruction: { parts: [{ text: "Be brief." }] },
  contents: [
    { role: "user", parts: [{ text: "Weather?" }] },
    {
      role: "model",
      parts: [
        { text: "They want weather.", thought: true },
        { functionCall: { id: "c1", name: "weather", args: { city: "Oslo" } } },
      ],
    },
    { role: "user", parts: [{ functionResponse: { id: "c1", name: "weather", response: { c: 3 } } }] },
  ],
  tools: [{ functionDeclarations: [{ name: "weather", description: "Looks it up.", parameters: schema }] }],
  generationConfig: { temperature: 0.2, maxOutputTokens: 70 },
};
const callWeather: ModelReply = {
  text: "Let me look — añadido 🌦, and then tell.",
  toolCalls: [{ id: "c2", name: "weather", arguments: { city: "Málaga" } }],
  usage: { inputTokens: 100, outputTokens: 20, cacheReadTokens: 30, reasoningTokens: 5 },
};
const usageMetadata = {
  promptTokenCount: 100,
  candidatesTokenCount: 15,
  totalTokenCount: 120,
  cachedContentTokenCount: 30,
  thoughtsTokenCount: 5,
};

async function ask(method: string, reply: ModelReply): Promise<string> {
  server = await startModelServer({ reply: () => reply });
  const response = await fetch(`${server.url}/v1beta/models/gemini-2.5-flash:${method}`, {
    method: "POST",
    body: JSON.stringify(body),
  });
  return response.text();
}

describe("Gemini generateContent", () => {
  it("carries system prompt, tools, tool results and settings in, the model from the path", async () => {
    await ask("generateContent", callWeather);
    expect(server?.requests()).toEqual([
      {
        provider: "google",
        format: "gemini-generate-content",
        model: "gemini-2.5-flash",
        messages: [
          { role: "system", parts: [{ type: "text", content: "Be brief." }] },
          { role: "user", parts: [{ type: "text", content: "Weather?" }] },
          {
            role: "assistant",
            parts: [
              { type: "reasoning", content: "They want weather." },
              { type: "tool_call", id: "c1", name: "weather", arguments: { city: "Oslo" } },
            ],
          },
          { role: "tool", parts: [{ type: "tool_result", id: "c1", name: "weather", result: { c: 3 } }] },
        ],
        tools: [{ name: "weather", description: "Looks it up.", parameters: schema }],
        stream: false,
        maxTokens: 70,
        temperature: 0.2,
        body,
      },
    ]);
  });

  it("gives text, tool calls and usage, thoughts apart from the other tokens", async () => {
    expect(parseJson(await ask("generateContent", callWeather))).toMatchObject({
      candidates: [
        {
          content: {
            role: "model",
            parts: [
              { text: callWeather.text },
              { functionCall: { id: "c2", name: "weather", args: { city: "Málaga" } } },
            ],
          },
          finishReason: "STOP",
        },
      ],
      usageMetadata,
      modelVersion: "gemini-2.5-flash",
    });
  });

  it("streams the same reply in pieces, the finish reason in the last", async () => {
    const text = await ask("streamGenerateContent?alt=sse", callWeather);
    const chunks = text
      .split("\n\n")
      .filter((event) => event !== "")
      .map((event) => JSON.parse(event.replace(/^data: /, "")));
    const parts = chunks.flatMap((chunk) => chunk.candidates[0].content.parts);

    expect(server?.requests()[0]?.stream).toBe(true);
    expect(parts.map((part) => part.text ?? "").join("")).toBe(callWeather.text);
    expect(parts.at(-1)).toMatchObject({ functionCall: { name: "weather" } });
    expect(chunks.map((chunk) => chunk.candidates[0].finishReason)).toEqual([
      ...chunks.slice(1).map(() => undefined),
      "STOP",
    ]);
    expect(chunks.at(-1).usageMetadata).toEqual(usageMetadata);
  });

  it("ends a stream that says nothing", async () => {
    expect(await ask("streamGenerateContent?alt=sse", { finishReason: "content_filter" })).toContain(
      '"SAFETY"',
    );
  });

  it("answers a fault in Google's error shape, and other paths not at all", async () => {
    server = await startModelServer({
      reply: () => ({ fault: "status", status: 429, message: "slow down" }),
    });
    const post = (path: string) => fetch(`${server?.url}${path}`, { method: "POST", body: "{}" });
    const limited = await post("/v1beta/models/gemini-2.5-flash:generateContent");
    const lost = await post("/v1beta/models/gemini-2.5-flash:countTokens");

    expect(await limited.json()).toEqual({
      error: { code: 429, message: "slow down", status: "RESOURCE_EXHAUSTED" },
    });
    expect(lost.status).toBe(404);
  });

  it("reads newer names, mixed turns and odd bodies", () => {
    const path = "/v1beta/models/m:generateContent";
    const parse = (given: Parameters<typeof geminiGenerateContent.parse>[0]) =>
      geminiGenerateContent.parse(given, path);
    const newer = parse({
      system_instruction: { parts: [{ text: "S" }] },
      generationConfig: { responseJsonSchema: { type: "object" } },
      tools: [{ functionDeclarations: [{ name: "f", parametersJsonSchema: { type: "object" } }] }, {}],
      contents: [{ parts: [{ text: "and" }, { functionResponse: { name: "f" } }, { inlineData: {} }] }],
    });

    expect(newer.messages.map(({ role, parts }) => [role, ...parts.map((part) => part.type)])).toEqual([
      ["system", "text"],
      ["tool", "tool_result"],
      ["user", "text", "other"],
    ]);
    expect(newer.responseSchema).toEqual({ type: "object" });
    expect(newer.tools).toEqual([{ name: "f", parameters: { type: "object" } }]);
    for (const odd of [{}, { contents: [null, 1, { parts: "x" }], tools: 3, generationConfig: [] }]) {
      expect(parse(odd)).toMatchObject({ model: "m", stream: false, body: odd });
    }
  });
});
