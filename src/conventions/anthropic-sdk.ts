import { AttributeReader } from "./attribute-reader.ts";
import type { Dialect } from "./dialect.ts";
import { readFinishReason } from "./finish-reason.ts";
import { unpackResult } from "./messages/shape.ts";
import { present } from "./present.ts";

/**
 * What the Anthropic SDK (1.x) adds to the GenAI conventions on the spans it makes itself: the stop reason, the
 * result of a tool that its tool runner called, and whether it cut the messages to keep spans small.
 *
 * Its other names (request id, service tier, how the cache was written) have no canonical field; the HTTP
 * attributes repeat what the call itself says.
 */
export const anthropicSdk: Dialect = {
  name: "anthropic-sdk",
  prefixes: [],
  owns: (span) => span.scope.name === "com.anthropic.sdk.typescript",
  read(span) {
    if (span.scope.name !== "com.anthropic.sdk.typescript") return undefined;
    const from = new AttributeReader(span.attributes);
    const result = from.value("anthropic.tool_result.content");
    const isCut = from.boolean("anthropic.content.truncated") === true;
    from.value("http.request.method", "http.response.status_code", "http.route");
    from.value("url.scheme", "url.path", "url.full", "gen_ai.request.stream");
    return {
      ...present({
        finishReason: readFinishReason(from.value("anthropic.message.stop_reason")),
        sessionId: from.name("anthropic.session.id"),
        contentCut: isCut ? true : undefined,
        tool: result === undefined ? undefined : { result: unpackResult(result) },
      }),
      used: from.used,
    };
  },
};
