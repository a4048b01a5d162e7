import { isObject, type JsonObject, parseJson } from "../core/json.ts";
import type { CompleteReply } from "./complete-reply.ts";
import { objectsField, optional, stringField } from "./json-fields.ts";
import type { ModelRequest } from "./model-request.ts";
import { openaiError } from "./openai-error.ts";
import { parseResponsesRequest } from "./parse-responses-request.ts";
import type { WireCodec } from "./wire-codec.ts";

/**
 * OpenAI Decisions (beta; its types are in `openai` 7.55, resources/decisions). Only questions of type `choice`; every one of a request
 * gets the same answer: the `label` of the reply's text where that is JSON, else the text itself.
 */
export const openaiDecisions: WireCodec = {
  path: "/v1/decisions",
  parse: parseDecisionsRequest,
  encode: encodeDecision,
  stream: () => [],
  error: openaiError,
};

/** The choices of the first question stand in the schema as a `label`, as a client that asks for JSON would send them. */
function parseDecisionsRequest(body: JsonObject): ModelRequest {
  const { messages } = parseResponsesRequest({ input: body.input ?? "" });
  return {
    provider: "openai",
    format: "openai-decisions",
    model: stringField(body, "model") ?? "",
    messages,
    tools: [],
    ...optional("responseSchema", labelSchema(body)),
    stream: false,
    body,
  };
}

function labelSchema(body: JsonObject): JsonObject | undefined {
  const [question] = objectsField(body, "questions");
  if (question === undefined) return undefined;
  const choices = objectsField(question, "choices").flatMap(({ value }) => value ?? []);
  return { type: "object", properties: { label: { enum: choices } } };
}

function encodeDecision(reply: CompleteReply, { body }: ModelRequest): JsonObject {
  const { usage } = reply;
  return {
    answers: objectsField(body, "questions").map((question) => answerTo(question, reply)),
    model: reply.model,
    usage: {
      input_tokens: usage.inputTokens,
      input_tokens_details: {
        cached_tokens: usage.cacheReadTokens,
        cache_write_tokens: usage.cacheWriteTokens,
      },
      output_tokens: usage.outputTokens,
      output_tokens_details: { reasoning_tokens: usage.reasoningTokens },
      total_tokens: usage.inputTokens + usage.outputTokens,
    },
  };
}

function answerTo(question: JsonObject, reply: CompleteReply): JsonObject {
  const name = stringField(question, "name") ?? null;
  if (reply.refusal !== null) return { type: "refusal", name };
  const choice = choiceIn(reply.text ?? "");
  const sureness = reply.probabilities ?? { [choice]: 1 };
  const probabilities = objectsField(question, "choices").map(({ value }) => ({
    value: value ?? null,
    probability: sureness[String(value)] ?? 0,
  }));
  return { type: "choice", name, choice, confidence: sureness[choice] ?? 0, probabilities };
}

function choiceIn(text: string): string {
  const written = parseJson(text);
  return (isObject(written) ? stringField(written, "label") : undefined) ?? text;
}
