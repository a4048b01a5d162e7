import { isObject, type JsonValue } from "../core/json.ts";
import type { Span } from "../core/span.ts";
import type { SpanType } from "../core/trace.ts";
import { AttributeReader } from "./attribute-reader.ts";
import type { Dialect } from "./dialect.ts";
import { keyPrefixes } from "./key-prefixes.ts";
import { textAt, unpackJson } from "./messages/shape.ts";
import { objectOf } from "./object-of.ts";
import { present, presentOrNothing } from "./present.ts";
import type { SpanFields } from "./span-fields.ts";
import { valueText } from "./value-text.ts";

const TRACELOOP = "opentelemetry.instrumentation.crewai";
const OPENINFERENCE = "openinference.instrumentation.crewai";

/**
 * CrewAI through its two instrumentations. OpenLLMetry calls crew, task and agent alike `invoke_agent`; what
 * they are, the `crewai.<class>.*` attributes say. OpenInference has its own kinds, and beside them the crew's
 * tasks as JSON, which are the only text of a run that was started without inputs.
 *
 * Sources: opentelemetry-instrumentation-crewai 0.62.4, openinference-instrumentation-crewai 1.1.21.
 */
export const crewai: Dialect = {
  name: "crewai",
  prefixes: ["crewai.", "crew_key", "task_key"],
  saysTypes: true,
  owns: ({ scope }) => scope.name.startsWith(TRACELOOP) || scope.name === OPENINFERENCE,
  read(span, scope) {
    const prefixes = keyPrefixes(span.attributes);
    if (!prefixes.has("crewai") && !prefixes.has("crew_key") && !prefixes.has("task_key")) return undefined;
    const from = new AttributeReader(span.attributes);
    const tasks = from.value("crewai.crew.tasks", "crew_tasks");
    from.value("crewai.crew.tasks_output", "crewai.crew.token_usage", "crewai.crew.usage_metrics");
    from.value("crew_key", "crew_id", "task_key", "task_id", "crew_agents", "kickoff_id");
    const role = from.name("crewai.agent.role");
    return {
      ...present({
        type: typeOf(span),
        input:
          (valueText(from.value("crew_inputs"), "user", scope) || undefined) ??
          from.name("crewai.task.description") ??
          taskText(tasks),
        output: from.text("crewai.crew.result", "crewai.flow.result") ?? rawOutput(from),
        agent: role === undefined ? undefined : { name: role },
        feature: from.name("crewai.crew.name"),
        toolDefinitions: presentTools(from.value("crewai.agent.tools")),
      }),
      used: from.used,
    };
  },
};

/** Only OpenLLMetry's spans need it: its `crewai.<class>.` prefix names the traced object. */
function typeOf(span: Span): SpanType | undefined {
  if (!span.scope.name.startsWith(TRACELOOP)) return undefined;
  const keys = Object.keys(span.attributes);
  const isAbout = (name: string) => keys.some((key) => key.startsWith(`crewai.${name}.`));
  if (isAbout("crew") || isAbout("flow")) return "workflow";
  if (isAbout("task")) return "step";
  return isAbout("agent") ? "agent" : undefined;
}

/** OpenInference dumps CrewAI's output objects, whose text is in `raw`. */
function rawOutput(from: AttributeReader): string | undefined {
  const output = objectOf(from.value("output.value"));
  return "tasks_output" in output || "expected_output" in output ? textAt(output, "raw") : undefined;
}

/** The description of a crew's only task. Which of several tasks stands for the run cannot be known. */
function taskText(value: JsonValue | undefined): string | undefined {
  const list = value === undefined ? undefined : unpackJson(value);
  const [only] = Array.isArray(list) && list.length === 1 ? list : [];
  return isObject(only) ? textAt(only, "description") : undefined;
}

function presentTools(value: JsonValue | undefined): SpanFields["toolDefinitions"] {
  const list = value === undefined ? undefined : unpackJson(value);
  if (!Array.isArray(list)) return undefined;
  return list.flatMap((item) => {
    const name = isObject(item) ? textAt(item, "name") : undefined;
    const description = isObject(item) ? textAt(item, "description") : undefined;
    return name === undefined ? [] : [{ name, ...presentOrNothing({ description }) }];
  });
}
