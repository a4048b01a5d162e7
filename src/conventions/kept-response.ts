import { isObject, type JsonObject, type JsonValue } from "../core/json.ts";
import type { FinishReason } from "../core/message.ts";
import { readFinishReason } from "./finish-reason.ts";
import { constructorArguments } from "./messages/langchain-shape.ts";
import { textAt } from "./messages/shape.ts";
import { present } from "./present.ts";

/** What a model's answer says beside its text. */
export interface KeptResponse {
  readonly id?: string;
  readonly model?: string;
  readonly finishReason?: FinishReason;
  /** Items of the OpenAI Responses API. */
  readonly items?: readonly JsonValue[];
  /** System prompt as the Responses API repeats it. */
  readonly instructions?: string;
}

/**
 * Reads the whole response of OpenAI (chat and Responses), Anthropic or Gemini, or LangChain's `generations`,
 * as some instrumentations keep it beside their own attributes. Undefined for anything else.
 */
export function readKeptResponse(value: JsonValue | undefined): KeptResponse | undefined {
  if (Array.isArray(value)) return value.length === 1 ? readKeptResponse(value[0]) : undefined;
  if (!isObject(value)) return undefined;
  if (Array.isArray(value.generations)) return readGeneration(value.generations.flat()[0]);
  if (Array.isArray(value.output) && value.object === "response") return readResponse(value, value.output);
  const [choice] = Array.isArray(value.choices) ? value.choices : [];
  return present({
    id: textAt(value, "id", "responseId"),
    model: textAt(value, "model", "modelVersion"),
    finishReason:
      readFinishReason(value.stop_reason) ??
      (isObject(choice) ? readFinishReason(choice.finish_reason) : undefined),
  });
}

/** The Responses API has no finish reason: it follows from the status and the items. */
function readResponse(body: JsonObject, items: readonly JsonValue[]): KeptResponse {
  const calls = items.some((item) => isObject(item) && item.type === "function_call");
  const details = isObject(body.incomplete_details) ? body.incomplete_details : {};
  const reason =
    body.status === "incomplete"
      ? (readFinishReason(details.reason) ?? "other")
      : body.status === "failed"
        ? "error"
        : calls
          ? "tool_call"
          : "stop";
  return present({
    id: textAt(body, "id"),
    model: textAt(body, "model"),
    finishReason: reason,
    items,
    instructions: textAt(body, "instructions"),
  });
}

function readGeneration(generation: JsonValue | undefined): KeptResponse | undefined {
  const message = isObject(generation) && isObject(generation.message) ? generation.message : undefined;
  const fields = message && (constructorArguments(message) ?? message);
  if (!fields) return undefined;
  const metadata = isObject(fields.response_metadata) ? fields.response_metadata : {};
  return present({
    // LangChain for Python gives each message a run's id of its own and keeps the model's beside it.
    id: textAt(metadata, "id") ?? textAt(fields, "id"),
    model: textAt(metadata, "model_name", "model"),
    finishReason: readFinishReason(metadata.finish_reason ?? metadata.stop_reason),
  });
}
