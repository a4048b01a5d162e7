import type { JsonValue } from "../core/json.ts";
import type { Annotation } from "../core/trace.ts";
import type { AttributeReader } from "./attribute-reader.ts";
import { flatItems } from "./openinference-flat.ts";
import { present } from "./present.ts";

/** The spec knows two spellings, and both may stand on the span, the trace or the session. */
const PREFIXES = ["", "trace.", "session."].flatMap((target) => [
  { prefix: `${target}annotations.`, item: "annotation" },
  { prefix: `${target}evaluations.`, item: "evaluation" },
]);

/** Feedback flattened into attributes: `annotations.0.annotation.{name,score,label,explanation,…}`. */
export function readFlatAnnotations(
  from: AttributeReader,
): readonly Omit<Annotation, "spanId">[] | undefined {
  const found = PREFIXES.flatMap(({ prefix, item }) =>
    flatItems(from.below(prefix)).map((fields) => readAnnotation((name) => fields.get(`${item}.${name}`))),
  );
  return found.length > 0 ? found : undefined;
}

function readAnnotation(field: (name: string) => JsonValue | undefined): Omit<Annotation, "spanId"> {
  const score = field("score");
  const text = (name: string) => {
    const value = field(name);
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  return {
    name: text("name") ?? "",
    ...present({
      value: typeof score === "number" ? score : undefined,
      label: text("label"),
      explanation: text("explanation"),
      annotatorKind: text("annotator_kind"),
    }),
  };
}
