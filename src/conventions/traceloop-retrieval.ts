import type { Span, SpanEvent } from "../core/span.ts";
import type { RetrievedDocument } from "../core/trace.ts";
import { AttributeReader } from "./attribute-reader.ts";
import { present } from "./present.ts";
import type { ReadingScope } from "./reading-scope.ts";
import type { SpanFields } from "./span-fields.ts";

/**
 * A query of a vector database: attributes `db.vector.query.*`, and one event `db.query.result` (or
 * `db.search.result`) per document. Undefined for other spans.
 */
export function readVectorSearch(
  span: Span,
  from: AttributeReader,
  scope: ReadingScope,
): SpanFields["retrieval"] | undefined {
  const results = span.events.filter(({ name }) => name === "db.query.result" || name === "db.search.result");
  const isQuery = "db.vector.query.top_k" in span.attributes;
  if (!isQuery && results.length === 0) return undefined;
  from.below("db.vector.query.");
  return { documents: results.map((event) => readResult(event, scope)) };
}

function readResult(event: SpanEvent, scope: ReadingScope): RetrievedDocument {
  const from = new AttributeReader(event.attributes);
  const at = (name: string) => `${event.name}.${name}`;
  const metadata = from.value(at("metadata"));
  return present({
    id: from.name(at("id")),
    content: from.text(at("document")),
    score: from.number(at("score")),
    metadata: typeof metadata === "string" ? (scope.json(metadata) ?? metadata) : metadata,
  });
}
