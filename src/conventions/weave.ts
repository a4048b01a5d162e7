import { AttributeReader } from "./attribute-reader.ts";
import type { Dialect } from "./dialect.ts";
import { personOf } from "./identity-names.ts";
import { keyPrefixes } from "./key-prefixes.ts";
import { unpackJson } from "./messages/shape.ts";
import { objectOf } from "./object-of.ts";
import { present } from "./present.ts";
import type { ReadingScope } from "./reading-scope.ts";
import type { SpanFields } from "./span-fields.ts";
import { valueText } from "./value-text.ts";

/**
 * W&B Weave: the spans of `weave` with `export_otel`, whose calls carry GenAI names from the deprecated era
 * beside `weave.*`, and the `wandb.*` names by which any sender groups its spans into threads.
 *
 * Sources: the OTel call exporter of weave 0.52 (scope `weave.export_otel`), and
 * weave/trace_server/opentelemetry/constants.py (2026-05) of wandb/weave.
 */
export const weave: Dialect = {
  name: "weave",
  prefixes: ["weave.", "wandb."],
  owns: (span) => span.scope.name === "weave.export_otel",
  read(span, scope) {
    const prefixes = keyPrefixes(span.attributes);
    if (!prefixes.has("weave") && !prefixes.has("wandb")) return undefined;
    const from = new AttributeReader(span.attributes);
    const own = Object.fromEntries(from.below("weave.attributes."));
    from.value("weave.call_id", "weave.trace_id", "weave.op_name", "weave.summary");
    from.value("wandb.display_name", "wandb.is_turn", "wandb.wb_run_id", "wandb.wb_run_step");
    const sessionId = from.name("wandb.thread_id");
    return {
      ...readTexts(from, scope),
      ...personOf({ ...objectOf(from.value("wandb.attributes")), ...own }),
      ...present({ sessionId }),
      ...readKind(from.name("weave.span.kind") ?? from.name("gen_ai.operation.name"), span.name),
      used: from.used,
    };
  },
};

function readTexts(from: AttributeReader, scope: ReadingScope): SpanFields {
  const input = from.value("weave.observation.input");
  const output = from.value("weave.observation.output");
  return present({
    input: valueText(input, "user", scope),
    output: valueText(output, "assistant", scope),
    tool:
      input === undefined && output === undefined
        ? undefined
        : present({
            arguments: input === undefined ? undefined : unpackJson(input),
            result: output === undefined ? undefined : unpackJson(output),
          }),
  });
}

/** Kinds that a sender sets itself; Weave's own calls are `execute` unless they call a model. */
function readKind(kind: string | undefined, name: string): SpanFields {
  switch (kind?.toLowerCase()) {
    case "agent":
      return { type: "agent", agent: { fallbackName: name } };
    case "llm":
      return { type: "llm" };
    case "tool":
      return { type: "tool" };
    case "workflow":
      return { type: "workflow" };
    default:
      return {};
  }
}
