import { describe, expect, it } from "vitest";

import { callTool, GET_ORDER, ORDER, recordingOf, replaying } from "./recordings.ts";

const call = (id: string, result: unknown) => ({
  name: "get_order",
  arguments: { order_id: id },
  result: JSON.parse(JSON.stringify(result)),
});

const TWO = recordingOf({
  toolCalls: [call("A-1", ORDER), call("A-2", { ...ORDER, order_id: "A-2" })],
  llmCalls: [],
});

describe("the recorded tools over HTTP", () => {
  it("answer each recorded call once, side by side in any order", async () => {
    await replaying({ recording: TWO }, async ({ url }) => {
      const [second, first] = await Promise.all(
        ["A-2", "A-1"].map((id) => callTool(url, "get_order", { order_id: id })),
      );
      expect([first?.body.result.order_id, second?.body.result.order_id]).toEqual(["A-1", "A-2"]);
    });
  });

  it("answer equal calls in the order in which they were answered then", async () => {
    const recording = recordingOf({ toolCalls: [1, 2, 3].map((page) => ({ ...call("A-1", page) })) });
    await replaying({ recording }, async ({ url }) => {
      const pages = [];
      for (let index = 0; index < 3; index++)
        pages.push(await callTool(url, "get_order", { order_id: "A-1" }));
      expect(pages.map(({ body }) => body.result)).toEqual([1, 2, 3]);
    });
  });

  it("fail again as they failed then", async () => {
    const error = { type: "TimeoutError", message: "after 10 s: gave up" };
    const recording = recordingOf({ toolCalls: [{ name: "pay", arguments: {}, error }] });
    await replaying({ recording }, async ({ url }) => {
      expect((await callTool(url, "pay", {})).body).toEqual({ error });
    });
  });

  it.each([
    [
      "other arguments",
      "get_order",
      { order_id: "A-9" },
      'get_order was called with {"order_id":"A-9"}. Expected: {"order_id":"A-1"}, or {"order_id":"A-2"}.',
    ],
    [
      "a tool that was not called",
      "cancel",
      {},
      "cancel was called with {}. Expected: get_order; the recording holds no call of cancel.",
    ],
  ])(
    "refuse %s with what was asked and what was expected, and everything after it",
    async (_, name, given, expected) => {
      await replaying({ recording: TWO }, async ({ url, session }) => {
        const refused = await callTool(url, name, given);
        expect(refused).toMatchObject({ status: 409, body: { error: { code: "replay-diverged" } } });
        expect(refused.body.error.message).toContain(expected);
        expect((await callTool(url, "get_order", { order_id: "A-1" })).body).toEqual(refused.body);
        await expect.poll(() => session.signal.aborted).toBe(true);
        expect(session.end(false).fault).toEqual({
          code: "replay-diverged",
          message: refused.body.error.message,
        });
      });
    },
  );

  it("refuse one call more than was recorded", async () => {
    await replaying({}, async ({ url }) => {
      await callTool(url, "get_order", { order_id: "A-1" });
      const { body } = await callTool(url, "get_order", { order_id: "A-1" });
      expect(body.error.message).toContain(
        "Expected: no further call, for the recording holds 1 of get_order",
      );
    });
  });

  it("refuse a call whose result nobody recorded", async () => {
    const recording = recordingOf({ toolCalls: [{ name: "get_order", arguments: {} }] });
    await replaying({ recording }, async ({ url }) => {
      expect((await callTool(url, "get_order", {})).body.error.message).toContain(
        "does not hold what get_order returned",
      );
    });
  });

  it("count a customer's mark and the customer's own data as the same argument", async () => {
    const recording = recordingOf({
      toolCalls: [{ name: "find", arguments: { email: "a@b.example" }, result: 1 }],
    });
    await replaying({ recording }, async ({ url }) => {
      expect((await callTool(url, "find", { email: "[email-3]" })).body).toEqual({ result: 1 });
    });
  });

  it("take in retrievers and memory, as retrieval and by the memory's operation", async () => {
    const recording = recordingOf({
      retrievals: [{ query: "returns", documents: [{ id: "d1", content: "30 days" }] }],
      memoryOperations: [{ operation: "search_memory", query: "name", records: ["Ada"] }],
    });
    await replaying({ recording }, async ({ url }) => {
      expect((await callTool(url, "retrieval", { query: "returns" })).body.result).toEqual([
        { id: "d1", content: "30 days" },
      ]);
      expect((await callTool(url, "search_memory", { query: "name" })).body.result).toEqual(["Ada"]);
    });
  });

  it("say which recorded calls were not made, and when none was", async () => {
    await replaying({ recording: TWO }, async ({ url, session }) => {
      await callTool(url, "get_order", { order_id: "A-1" });
      expect(session.end(false).notes).toEqual(["not all recorded calls of get_order were made"]);
    });
    await replaying({ recording: TWO }, async ({ session }) => {
      expect(session.end(false).notes).toEqual([
        "no recorded tool was asked for; a tool that is not wrapped runs live",
      ]);
    });
  });
});

describe("the recorded tools over MCP", () => {
  const client = (url: string) => {
    let id = 0;
    return async (method: string, params: object = {}) => {
      const response = await fetch(`${url}/mcp`, {
        method: "POST",
        headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
        body: JSON.stringify({ jsonrpc: "2.0", id: ++id, method, params }),
      });
      expect(response.headers.get("content-type")).toBe("application/json");
      return JSON.parse(await response.text());
    };
  };

  it("are listed as they were offered and answer as they did", async () => {
    await replaying({}, async ({ url }) => {
      const ask = client(url);
      expect((await ask("initialize", { protocolVersion: "2025-06-18" })).result).toMatchObject({
        protocolVersion: "2025-06-18",
        capabilities: { tools: {} },
      });
      const noted = await fetch(`${url}/mcp`, {
        method: "POST",
        body: JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" }),
      });
      expect(noted.status).toBe(202);
      const { parameters: inputSchema, ...tool } = GET_ORDER;
      expect((await ask("tools/list")).result).toEqual({ tools: [{ ...tool, inputSchema }] });
      const params = { name: "get_order", arguments: { order_id: "A-1" } };
      expect(await ask("tools/call", params)).toEqual({
        jsonrpc: "2.0",
        id: 3,
        result: {
          content: [{ type: "text", text: JSON.stringify(ORDER) }],
          structuredContent: ORDER,
          isError: false,
        },
      });
      expect(await ask("tools/call", params)).toMatchObject({
        error: { code: -32009, message: expect.stringContaining("The replay diverged from") },
      });
    });
  });

  it("fail again as they failed then, and list only the names asked for", async () => {
    const recording = recordingOf({
      toolCalls: [{ name: "pay", error: { type: "E", message: "declined" } }],
    });
    await replaying({ recording, mcpTools: ["pay"] }, async ({ url }) => {
      const ask = client(url);
      expect((await ask("tools/list")).result.tools).toEqual([
        { name: "pay", inputSchema: { type: "object" } },
      ]);
      expect((await ask("tools/call", { name: "pay" })).result).toEqual({
        content: [{ type: "text", text: "declined" }],
        isError: true,
      });
    });
  });

  it("know no other method, no stream and no request that is not JSON-RPC", async () => {
    await replaying({}, async ({ url }) => {
      expect((await client(url)("resources/list")).error.code).toBe(-32601);
      expect((await fetch(`${url}/mcp`)).status).toBe(405);
      expect((await fetch(`${url}/mcp`, { method: "POST", body: "[]" })).status).toBe(400);
    });
  });
});

describe("an agent that goes past the replay", () => {
  it("is found out when it ran a recorded tool itself", async () => {
    await replaying({}, async ({ url, session }) => {
      const messages = [
        {
          role: "assistant",
          tool_calls: [{ id: "call_7", type: "function", function: { name: "get_order", arguments: "{}" } }],
        },
        { role: "tool", tool_call_id: "call_7", content: JSON.stringify(ORDER) },
      ];
      await fetch(`${url}/v1/chat/completions`, {
        method: "POST",
        body: JSON.stringify({ model: "m", messages }),
      });
      expect(session.end(false).fault?.message).toContain(
        "The agent ran get_order itself instead of asking the replay.",
      );
    });
  });

  it("is told the same by every model after a divergence", async () => {
    await replaying({}, async ({ url }) => {
      const { body } = await callTool(url, "cancel", {});
      const asked = await fetch(`${url}/v1/messages`, {
        method: "POST",
        body: JSON.stringify({ model: "m", messages: [{ role: "user", content: "Where is order A-1?" }] }),
      });
      expect(asked.status).toBe(409);
      expect(JSON.parse(await asked.text()).error.message).toBe(body.error.message);
    });
  });

  it("may be one of Gemini's: its format is served and refused too", async () => {
    await replaying({}, async ({ url }) => {
      const ask = (text: string, turns: object[] = []) =>
        fetch(`${url}/v1beta/models/gemini-3-flash:streamGenerateContent?alt=sse`, {
          method: "POST",
          body: JSON.stringify({ contents: [{ role: "user", parts: [{ text }] }, ...turns] }),
        });
      const first = await (await ask("Where is order A-1?")).text();
      expect(first).toContain('"functionCall":{"id":"call_7","name":"get_order","args":{"order_id":"A-1"}}');
      await callTool(url, "get_order", { order_id: "A-1" });
      const call = { functionCall: { name: "get_order", args: { order_id: "A-1" } } };
      const turns = (response: object) => [
        { role: "model", parts: [call] },
        { role: "user", parts: [{ functionResponse: { name: "get_order", response } }] },
      ];
      expect(await (await ask("Where is order A-1?", turns(ORDER))).text()).toContain(
        '"finishReason":"STOP"',
      );
      expect((await ask("Where is order A-1?", turns({}))).status).toBe(409);
    });
  });

  it("is found out when it asked no model here", async () => {
    await replaying({}, async ({ session }) => {
      expect(session.end(false).fault?.message).toContain(
        "The agent asked no model here, but 2 call(s) are recorded.",
      );
    });
    await replaying({ mode: "models-live" }, async ({ session }) => {
      expect(session.end(false).fault).toBeUndefined();
    });
  });
});

it("knows only the paths of open trials", async () => {
  await replaying({}, async ({ url }) => {
    const other = await fetch(`${url.slice(0, -1)}x/tools/get_order`, { method: "POST", body: "{}" });
    expect(other.status).toBe(404);
  });
});
