import type { JsonObject } from "../core/json.ts";
import type { CompleteReply } from "./complete-reply.ts";
import type { ReplyFinishReason } from "./model-request.ts";
import { parseGeminiRequest } from "./parse-gemini-request.ts";
import { pieces, type ServerSentEvent } from "./server-sent-event.ts";
import type { WireCodec } from "./wire-codec.ts";

/**
 * Gemini generateContent and streamGenerateContent (ai.google.dev/api/generate-content). The model and the method are in the path;
 * a stream is one of server-sent events (`?alt=sse`), which is what Google's clients ask for.
 */
export const geminiGenerateContent: WireCodec = {
  path: "/v1beta/models/{model}:generateContent",
  takes: (path) => GENERATE.test(path),
  parse: (body, path = "") => {
    const [, model = "", method = ""] = GENERATE.exec(path) ?? [];
    return parseGeminiRequest(body, {
      model: decodeURIComponent(model),
      stream: method.startsWith("stream"),
    });
  },
  encode: encodeGeminiReply,
  stream: streamGeminiReply,
  error: (status, message) => ({
    error: { code: status, message, status: ERROR_STATUSES[status] ?? "UNKNOWN" },
  }),
};

const GENERATE = /^\/v1(?:beta)?\/models\/([^/:]+):(generateContent|streamGenerateContent)$/;

/** A call of a tool is an ordinary stop here. */
const FINISH_REASONS: { readonly [reason in ReplyFinishReason]: string } = {
  stop: "STOP",
  length: "MAX_TOKENS",
  tool_call: "STOP",
  content_filter: "SAFETY",
};

/** google.rpc.Code by HTTP status. */
const ERROR_STATUSES: { readonly [status: number]: string } = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  429: "RESOURCE_EXHAUSTED",
  500: "INTERNAL",
  503: "UNAVAILABLE",
  504: "DEADLINE_EXCEEDED",
};

function encodeGeminiReply(reply: CompleteReply): JsonObject {
  return chunk(reply, [...textParts(reply), ...callParts(reply)], true);
}

/** One response; only the last of a stream has a finish reason. Usage is in each of them. */
function chunk(reply: CompleteReply, parts: JsonObject[], last: boolean): JsonObject {
  return {
    candidates: [
      {
        content: { role: "model", parts },
        index: 0,
        ...(last && { finishReason: FINISH_REASONS[reply.finishReason] }),
      },
    ],
    usageMetadata: encodeUsage(reply.usage),
    modelVersion: reply.model,
    responseId: reply.id,
  };
}

/** A refusal has no field of its own in this format. */
function textParts(reply: CompleteReply): readonly JsonObject[] {
  return [reply.text, reply.refusal].flatMap((text) => (text === null ? [] : [{ text }]));
}

function callParts(reply: CompleteReply): readonly JsonObject[] {
  return reply.toolCalls.map((call) => ({
    functionCall: { id: call.id, name: call.name, args: call.arguments },
  }));
}

/** Prompt tokens include what came from the cache; candidate tokens leave the thoughts out. */
function encodeUsage(usage: CompleteReply["usage"]): JsonObject {
  return {
    promptTokenCount: usage.inputTokens,
    candidatesTokenCount: Math.max(0, usage.outputTokens - usage.reasoningTokens),
    totalTokenCount: usage.inputTokens + usage.outputTokens,
    ...(usage.cacheReadTokens > 0 && { cachedContentTokenCount: usage.cacheReadTokens }),
    ...(usage.reasoningTokens > 0 && { thoughtsTokenCount: usage.reasoningTokens }),
  };
}

function streamGeminiReply(reply: CompleteReply): readonly ServerSentEvent[] {
  const texts = textParts(reply).flatMap(({ text }) =>
    pieces(String(text)).map((piece) => ({ text: piece })),
  );
  const parts: readonly JsonObject[] = [...texts, ...callParts(reply)];
  const events = parts.map((part, index) => ({ data: chunk(reply, [part], index === parts.length - 1) }));
  return events.length > 0 ? events : [{ data: chunk(reply, [], true) }];
}
