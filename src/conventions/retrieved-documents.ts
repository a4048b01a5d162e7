import { isObject, type JsonObject, type JsonValue } from "../core/json.ts";
import type { RetrievedDocument } from "../core/trace.ts";
import { unpackJson } from "./messages/shape.ts";
import { present } from "./present.ts";

/** Retrieved documents from a list of objects or texts, or its JSON; undefined when it is no list. */
export function readDocuments(value: JsonValue | undefined): readonly RetrievedDocument[] | undefined {
  if (value === undefined) return undefined;
  const list = unpackJson(value);
  return Array.isArray(list) ? list.map(readDocument) : undefined;
}

function readDocument(value: JsonValue): RetrievedDocument {
  if (typeof value === "string") return { content: value };
  if (!isObject(value)) return {};
  return present({
    id: idOf(value),
    content: [value.content, value.text, value.page_content, value.pageContent].find(
      (content) => typeof content === "string",
    ),
    score: typeof value.score === "number" ? value.score : undefined,
    metadata: value.metadata === undefined ? undefined : unpackJson(value.metadata),
  });
}

function idOf({ id }: JsonObject): string | undefined {
  return typeof id === "string" ? id : typeof id === "number" ? String(id) : undefined;
}
