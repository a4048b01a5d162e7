// Recordings made the way the harvest makes them, of runs that other tests agree on.
import type { Recording } from "../../src/core/case.ts";
import { textMessage } from "../../src/core/message.ts";
import { makeRecording } from "../../src/datasets/make-recording.ts";
import { makeRedactor } from "../../src/datasets/redact.ts";
import { ReplayServer } from "../../src/replay/replay-server.ts";
import { ReplaySession, type ReplaySessionOptions } from "../../src/replay/replay-session.ts";
import { makeTrace, type TraceSketch } from "../../src/testing/make-trace.ts";

export const SYSTEM = "You are the support agent of a shop.";
export const QUESTION = "Where is order A-1?";
export const ORDER = { order_id: "A-1", status: "shipped", eta: "2026-11-24", total: 59.9 };
export const ANSWER = "Order A-1 has shipped and should arrive on 2026-11-24.";

const parameters = { type: "object", properties: { order_id: { type: "string" } }, required: ["order_id"] };
export const GET_ORDER = { name: "get_order", description: "Look up an order.", parameters };

const call = {
  type: "tool_call",
  id: "call_7",
  name: "get_order",
  arguments: { order_id: "A-1" },
} as const;

/** One question, one call of a tool, one answer. */
export const ONE_LOOK_UP: TraceSketch = {
  systemInstructions: SYSTEM,
  toolDefinitions: [GET_ORDER],
  toolCalls: [{ name: "get_order", callId: "call_7", arguments: { order_id: "A-1" }, result: ORDER }],
  llmCalls: [
    {
      provider: "openai",
      model: "gpt-4o-mini-2024-07-18",
      requestModel: "gpt-4o-mini",
      systemInstructions: SYSTEM,
      input: [textMessage("user", QUESTION)],
      output: [{ role: "assistant", parts: [call] }],
      finishReason: "tool_call",
      usage: { inputTokens: 50, outputTokens: 9 },
    },
    {
      provider: "openai",
      model: "gpt-4o-mini-2024-07-18",
      requestModel: "gpt-4o-mini",
      systemInstructions: SYSTEM,
      input: [
        textMessage("user", QUESTION),
        { role: "assistant", parts: [call] },
        { role: "tool", parts: [{ type: "tool_result", id: "call_7", result: ORDER }] },
      ],
      output: [textMessage("assistant", ANSWER)],
      finishReason: "stop",
      usage: { inputTokens: 90, outputTokens: 20 },
    },
  ],
  output: ANSWER,
};

export function recordingOf(sketch: TraceSketch = ONE_LOOK_UP): Recording {
  return makeRecording(makeTrace(sketch), makeRedactor());
}

export type SessionSketch = Partial<ReplaySessionOptions>;

export function sessionOf(sketch: SessionSketch = {}): ReplaySession {
  return new ReplaySession({
    recording: recordingOf(),
    recordingPath: "evals/recordings/abc.json",
    seed: "case-1",
    mode: "recorded",
    match: "conversation",
    faults: [],
    ownTools: [],
    liveTools: [],
    mcpTools: null,
    forward: () => Promise.reject(new Error("nothing is live here")),
    ...sketch,
  });
}

/** Replays to whoever asks at `url`, until the function ends. */
export async function replaying<T>(
  sketch: SessionSketch,
  use: (place: { readonly url: string; readonly session: ReplaySession }) => Promise<T>,
): Promise<T> {
  const server = await ReplayServer.start();
  const session = sessionOf(sketch);
  const { url, close } = server.open(session);
  try {
    return await use({ url, session });
  } finally {
    session.end(true);
    close();
    await server.close();
  }
}

/** Calls a tool over HTTP. */
export async function callTool(url: string, name: string, given: unknown) {
  const response = await fetch(`${url}/tools/${name}`, { method: "POST", body: JSON.stringify(given) });
  return { status: response.status, body: JSON.parse(await response.text()) };
}
