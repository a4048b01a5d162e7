import { isObject } from "../core/json.ts";
import type { Message } from "../core/message.ts";
import type { Span } from "../core/span.ts";
import type { Dialect } from "./dialect.ts";
import { type KeptResponse, readKeptResponse } from "./kept-response.ts";
import { present } from "./present.ts";
import type { ReadingScope } from "./reading-scope.ts";

/**
 * What only the request and the response kept in an OpenInference span say: content of the request in parts, and
 * of the response its id, the model that answered (`llm.model_name` is the requested one in some
 * instrumentations), and why it stopped.
 */
export const openinferenceBodies: Dialect = {
  name: "openinference",
  prefixes: ["openinference."],
  owns: (span) => /openinference/.test(span.scope.name),
  read(span, scope) {
    const { attributes } = span;
    if (attributes["openinference.span.kind"] !== "LLM") return undefined;
    const body = responseOf(span, scope) ?? {};
    const inputMessages = unflattenedInput(span, scope);
    if (Object.keys(body).length === 0 && !inputMessages) return undefined;
    return present({
      inputMessages,
      responseId: body.id,
      responseModel: "llm.response.model_name" in attributes ? undefined : body.model,
      // Flattened, the items of one answer become several messages.
      outputMessages: body.items && scope.messages([...body.items], "assistant"),
      finishReason: "llm.finish_reason" in attributes ? undefined : body.finishReason,
      used: new Set(["output.value"]),
    });
  },
};

/**
 * LangChain's instrumentation for JavaScript flattens no content that is a list of parts, and leaves nothing but
 * the role. Then the messages of the request are taken, if they are as many.
 */
function unflattenedInput({ attributes }: Span, scope: ReadingScope): readonly Message[] | undefined {
  const text = attributes["input.value"];
  if (typeof text !== "string" || !/^\s*\{/.test(text)) return undefined;
  const members = new Map<string, number>();
  for (const key of Object.keys(attributes)) {
    const [, index] = /^llm\.input_messages\.(\d+)\.message\./.exec(key) ?? [];
    if (index !== undefined) members.set(index, (members.get(index) ?? 0) + 1);
  }
  const isBare = [...members].some(
    ([index, count]) => count === 1 && `llm.input_messages.${index}.message.role` in attributes,
  );
  const request = isBare ? scope.json(text) : undefined;
  const messages =
    isObject(request) && request.messages ? scope.messages(request.messages, "user") : undefined;
  return messages?.length === members.size ? messages : undefined;
}

/** The response in a span's `output.value`; undefined when there is none. */
export function responseOf({ attributes }: Span, scope: ReadingScope): KeptResponse | undefined {
  const text = attributes["output.value"];
  return typeof text === "string" && /^\s*[[{]/.test(text) ? readKeptResponse(scope.json(text)) : undefined;
}
