import type { Span } from "../core/span.ts";
import type { Dialect } from "./dialect.ts";
import { type KeptResponse, readKeptResponse } from "./kept-response.ts";
import { present } from "./present.ts";
import type { ReadingScope } from "./reading-scope.ts";

/**
 * What only the response kept in an OpenInference span's `output.value` says: its id, the model that
 * answered (`llm.model_name` is the requested one in some instrumentations), and why it stopped.
 */
export const openinferenceBodies: Dialect = {
  name: "openinference",
  prefixes: ["openinference."],
  owns: (span) => /openinference/.test(span.scope.name),
  read(span, scope) {
    const { attributes } = span;
    if (attributes["openinference.span.kind"] !== "LLM") return undefined;
    const body = responseOf(span, scope);
    if (!body) return undefined;
    return present({
      responseId: body.id,
      responseModel: "llm.response.model_name" in attributes ? undefined : body.model,
      // Flattened, the items of one answer become several messages.
      outputMessages: body.items && scope.messages([...body.items], "assistant"),
      finishReason: "llm.finish_reason" in attributes ? undefined : body.finishReason,
      used: new Set(["output.value"]),
    });
  },
};

/** The response in a span's `output.value`; undefined when there is none. */
export function responseOf({ attributes }: Span, scope: ReadingScope): KeptResponse | undefined {
  const text = attributes["output.value"];
  return typeof text === "string" && /^\s*[[{]/.test(text) ? readKeptResponse(scope.json(text)) : undefined;
}
