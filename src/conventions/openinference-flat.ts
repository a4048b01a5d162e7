import type { JsonObject, JsonValue } from "../core/json.ts";
import type { Message } from "../core/message.ts";
import type { RetrievedDocument, ToolDefinition } from "../core/trace.ts";
import type { AttributeReader } from "./attribute-reader.ts";
import { textAt, unpackJson } from "./messages/shape.ts";
import { present } from "./present.ts";
import type { ReadingScope } from "./reading-scope.ts";

/**
 * Items of a flattened list (`0.message.role`, `0.message.content`, `1.…`), in the order of their indices:
 * the keys come in any order, and there may be gaps. Each item maps the rest of the path to the value.
 */
export function flatItems(
  entries: readonly (readonly [string, JsonValue])[],
): readonly ReadonlyMap<string, JsonValue>[] {
  const items = new Map<number, Map<string, JsonValue>>();
  for (const [path, value] of entries) {
    const dot = path.indexOf(".");
    const index = Number(path.slice(0, dot));
    if (dot <= 0 || !Number.isInteger(index)) continue;
    const item = items.get(index) ?? new Map<string, JsonValue>();
    items.set(index, item.set(path.slice(dot + 1), value));
  }
  return [...items].sort(([one], [other]) => one - other).map(([, item]) => item);
}

/** The flattened items below one path of an item. */
export function innerItems(
  item: ReadonlyMap<string, JsonValue>,
  prefix: string,
): readonly ReadonlyMap<string, JsonValue>[] {
  const entries: (readonly [string, JsonValue])[] = [];
  for (const [path, value] of item)
    if (path.startsWith(prefix)) entries.push([path.slice(prefix.length), value]);
  return flatItems(entries);
}

/** `llm.input_messages.*` or `llm.output_messages.*`, else the prompts or choices of completion models. */
export function readFlatMessages(
  from: AttributeReader,
  direction: "input" | "output",
  scope: ReadingScope,
): readonly Message[] | undefined {
  const role = direction === "input" ? "user" : "assistant";
  const items = flatItems(from.below(`llm.${direction}_messages.`));
  if (items.length > 0) return scope.messages(items.map(messageOf), role);
  const [prefix, path] =
    direction === "input" ? ["llm.prompts.", "prompt.text"] : ["llm.choices.", "completion.text"];
  const texts = flatItems(from.below(prefix)).flatMap((item) => item.get(path) ?? []);
  return texts.length > 0 ? scope.messages(texts, role) : undefined;
}

/** A flattened message as the chat message it was made from. */
function messageOf(item: ReadonlyMap<string, JsonValue>): JsonValue {
  const blocks = innerItems(item, "message.contents.").map(blockOf);
  const seen = new Set(blocks.map((block) => textAt(block, "id")));
  const calls = innerItems(item, "message.tool_calls.")
    .map(callOf)
    // The same call may stand among the contents, where it keeps its place in the order.
    .filter((call) => call.id === undefined || !seen.has(textAt(call, "id")));
  const content = item.get("message.content");
  const functionName = item.get("message.function_call_name");
  return present({
    role: item.get("message.role") ?? "assistant",
    content: blocks.length > 0 ? blocks : (content ?? null),
    name: item.get("message.name"),
    tool_call_id: item.get("message.tool_call_id"),
    tool_calls: calls.length > 0 ? calls : undefined,
    function_call:
      functionName === undefined
        ? undefined
        : { name: functionName, arguments: item.get("message.function_call_arguments_json") ?? null },
  });
}

function callOf(item: ReadonlyMap<string, JsonValue>): JsonObject {
  return present({
    id: item.get("tool_call.id"),
    name: item.get("tool_call.function.name") ?? "",
    arguments: item.get("tool_call.function.arguments"),
  });
}

function blockOf(item: ReadonlyMap<string, JsonValue>): JsonObject {
  const type = item.get("message_content.type") ?? "text";
  const text = item.get("message_content.text") ?? "";
  const url = item.get("message_content.image.image.url");
  if (type === "tool_use" || item.has("tool_call.function.name")) {
    const { arguments: input, ...call } = callOf(item);
    return { type: "tool_use", ...call, ...(input === undefined ? {} : { input }) };
  }
  if (type === "reasoning") return { type, content: text };
  if (type === "image" && url !== undefined) return { type: "image_url", image_url: { url } };
  return { type, text };
}

/** `llm.tools.N.tool.json_schema`. */
export function readFlatTools(
  from: AttributeReader,
  scope: ReadingScope,
): readonly ToolDefinition[] | undefined {
  const items = flatItems(from.below("llm.tools."));
  if (items.length === 0) return undefined;
  return items.flatMap((item) => scope.toolDefinitions(item.get("tool.json_schema")) ?? []);
}

/** `retrieval.documents.N.document.{id,content,score,metadata}` and its like. */
export function readFlatDocuments(
  from: AttributeReader,
  prefix: string,
): readonly RetrievedDocument[] | undefined {
  const items = flatItems(from.below(prefix));
  if (items.length === 0) return undefined;
  return items.map((item) => {
    const [id, content, score, metadata] = ["id", "content", "score", "metadata"].map((name) =>
      item.get(`document.${name}`),
    );
    return present({
      id: id === undefined ? undefined : String(id),
      content: typeof content === "string" ? content : undefined,
      score: typeof score === "number" ? score : undefined,
      metadata: metadata === undefined ? undefined : unpackJson(metadata),
    });
  });
}
