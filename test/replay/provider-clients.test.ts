import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { describe, expect, it } from "vitest";

import { ANSWER, callTool, GET_ORDER, ORDER, QUESTION, replaying, SYSTEM } from "./recordings.ts";

/** One turn of a model, whichever client it came through. */
interface Turn {
  readonly text: string;
  readonly calls: readonly { readonly id: string; readonly name: string; readonly input: unknown }[];
}

/** What a client was asked after: the news of a second turn. */
interface SecondTurn {
  readonly first: Turn;
  readonly result: string;
}

interface Client {
  readonly name: string;
  ask(url: string, after?: SecondTurn): Promise<Turn>;
}

let sent = 0;
const counted: typeof fetch = (...request) => {
  sent += 1;
  return fetch(...request);
};
const openai = (url: string) => new OpenAI({ baseURL: `${url}/v1`, apiKey: "none", fetch: counted });
const anthropic = (url: string) => new Anthropic({ baseURL: url, apiKey: "none", fetch: counted });

function chatRequest(after?: SecondTurn) {
  return {
    model: "gpt-4o-mini",
    messages: [
      { role: "system", content: SYSTEM },
      { role: "user", content: QUESTION },
      ...(after?.first.calls ?? []).flatMap(({ id, name, input }) => [
        {
          role: "assistant" as const,
          tool_calls: [
            { id, type: "function" as const, function: { name, arguments: JSON.stringify(input) } },
          ],
        },
        { role: "tool" as const, tool_call_id: id, content: after?.result ?? "" },
      ]),
    ],
    tools: [{ type: "function", function: GET_ORDER }],
  } satisfies OpenAI.ChatCompletionCreateParams;
}

function turnOfChat(message: OpenAI.ChatCompletionMessage | undefined): Turn {
  const calls = (message?.tool_calls ?? []).flatMap((call) =>
    call.type === "function"
      ? [{ id: call.id, name: call.function.name, input: JSON.parse(call.function.arguments) }]
      : [],
  );
  return { text: message?.content ?? "", calls };
}

function responsesRequest(after?: SecondTurn) {
  return {
    model: "gpt-4o-mini",
    instructions: SYSTEM,
    input: [
      { role: "user" as const, content: QUESTION },
      ...(after?.first.calls ?? []).flatMap(({ id, name, input }) => [
        { type: "function_call" as const, call_id: id, name, arguments: JSON.stringify(input) },
        { type: "function_call_output" as const, call_id: id, output: after?.result ?? "" },
      ]),
    ],
    tools: [{ type: "function" as const, strict: false, ...GET_ORDER }],
  };
}

function turnOfResponse(response: OpenAI.Responses.Response): Turn {
  const calls = response.output.flatMap((item) =>
    item.type === "function_call"
      ? [{ id: item.call_id, name: item.name, input: JSON.parse(item.arguments) }]
      : [],
  );
  return { text: response.output_text, calls };
}

function messagesRequest(after?: SecondTurn) {
  const { parameters, ...tool } = GET_ORDER;
  return {
    model: "claude-haiku-4-5",
    max_tokens: 100,
    system: SYSTEM,
    messages: [
      { role: "user" as const, content: QUESTION },
      ...(after?.first.calls ?? []).flatMap(({ id, name, input }) => [
        { role: "assistant" as const, content: [{ type: "tool_use" as const, id, name, input }] },
        {
          role: "user" as const,
          content: [{ type: "tool_result" as const, tool_use_id: id, content: after?.result ?? "" }],
        },
      ]),
    ],
    tools: [{ ...tool, input_schema: { ...parameters, type: "object" as const } }],
  };
}

function turnOfMessage({ content }: Anthropic.Message): Turn {
  return {
    text: content.flatMap((block) => (block.type === "text" ? [block.text] : [])).join(""),
    calls: content.flatMap((block) =>
      block.type === "tool_use" ? [{ id: block.id, name: block.name, input: block.input }] : [],
    ),
  };
}

const CLIENTS: readonly Client[] = [
  {
    name: "openai, chat completions",
    ask: async (url, after) => {
      const completion = await openai(url).chat.completions.create(chatRequest(after));
      return turnOfChat(completion.choices[0]?.message);
    },
  },
  {
    name: "openai, chat completions streamed",
    ask: async (url, after) => {
      const stream = openai(url).chat.completions.stream(chatRequest(after));
      return turnOfChat((await stream.finalChatCompletion()).choices[0]?.message);
    },
  },
  {
    name: "openai, responses",
    ask: async (url, after) => turnOfResponse(await openai(url).responses.create(responsesRequest(after))),
  },
  {
    name: "openai, responses streamed",
    ask: async (url, after) =>
      turnOfResponse(await openai(url).responses.stream(responsesRequest(after)).finalResponse()),
  },
  {
    name: "anthropic, messages",
    ask: async (url, after) => turnOfMessage(await anthropic(url).messages.create(messagesRequest(after))),
  },
  {
    name: "anthropic, messages streamed",
    ask: async (url, after) =>
      turnOfMessage(await anthropic(url).messages.stream(messagesRequest(after)).finalMessage()),
  },
];

const FIRST_TURN = {
  text: "",
  calls: [{ id: "call_7", name: "get_order", input: { order_id: "A-1" } }],
};

describe.each(CLIENTS)("a replay to $name", ({ ask }) => {
  it("says again what the models and the tools said, in order and with the same ids", async () => {
    await replaying({}, async ({ url, session }) => {
      const first = await ask(url);
      expect(first).toEqual(FIRST_TURN);
      const { body } = await callTool(url, "get_order", first.calls[0]?.input);
      expect(body).toEqual({ result: ORDER });
      expect(await ask(url, { first, result: JSON.stringify(body.result) })).toEqual({
        text: ANSWER,
        calls: [],
      });
      expect(session.end(false).fault).toBeUndefined();
    });
  });

  it("refuses a turn with other news, once, with what was asked and what was expected", async () => {
    await replaying({}, async ({ url, session }) => {
      const first = await ask(url);
      await callTool(url, "get_order", { order_id: "A-1" });
      sent = 0;
      const refused = await ask(url, { first, result: '{"error":"not found"}' }).catch((error) => error);
      expect(refused).toMatchObject({ status: 409 });
      expect(sent, "the client tried again").toBe(1);
      // Anthropic's client shows the body as JSON.
      expect(String(refused.message).replaceAll("\\", "")).toContain(
        'and then "tool: {"error":"not found"}". Expected: gpt-4o-mini',
      );
      expect(session.end(false).fault).toMatchObject({
        code: "replay-diverged",
        message: expect.stringMatching(
          /^The replay diverged from evals\/recordings\/abc.json: A model .* with 1 earlier turn\(s\) and then "tool: \{"order_id":"A-1"/,
        ),
      });
    });
  });

  it("refuses a further call, for the recording holds no more", async () => {
    await replaying({ match: "order" }, async ({ url }) => {
      await ask(url);
      await ask(url);
      await expect(ask(url)).rejects.toThrow("the recording holds 2 model call(s) and all are used");
    });
  });
});

describe("what changed since the recording", () => {
  const changes = async (change: Partial<OpenAI.ChatCompletionCreateParamsNonStreaming>) =>
    replaying({}, async ({ url, session }) => {
      await openai(url).chat.completions.create({ ...chatRequest(), ...change });
      await callTool(url, "get_order", { order_id: "A-1" });
      return session.end(false).notes;
    });

  it("is named: nothing, for the same request", async () => {
    expect(await changes({})).toEqual([]);
  });

  it("is named: the model", async () => {
    expect(await changes({ model: "gpt-5" })).toEqual([
      "the model changed since the recording, from gpt-4o-mini to gpt-5",
    ]);
  });

  it("is named: the system prompt, and the first message of the user", async () => {
    const messages = [
      { role: "system" as const, content: `${SYSTEM} Be brief.` },
      { role: "user" as const, content: `A customer asks: ${QUESTION}` },
    ];
    expect(await changes({ messages })).toEqual([
      "the first message to the model changed since the recording",
      "the system prompt changed since the recording",
    ]);
  });

  it("is named: a tool's definition, and a new tool", async () => {
    const tools = [
      { type: "function" as const, function: { ...GET_ORDER, description: "Look up." } },
      { type: "function" as const, function: { name: "cancel_order" } },
    ];
    expect(await changes({ tools })).toEqual([
      "the definition of the tool get_order changed since the recording",
      "the tool cancel_order is new since the recording",
    ]);
  });
});
