import { isObject, type JsonObject } from "../core/json.ts";
import type { Span } from "../core/span.ts";
import { textAt, unpackJson, unpackResult } from "./messages/shape.ts";
import { calledWith } from "./python-call.ts";
import type { SpanFields } from "./span-fields.ts";

/** Method that builds the request of a model call; the call itself has a span of its own. */
const PREPARES = /\._prepare_chat_with_tools$/;

/** What `repr` of a Python object begins with: `StopEvent(result=…`. */
const PYTHON_REPR = /^[A-Z]\w*\((\w+=|\))/;

/** The last field of the events that start a turn of an agent; what users wrote stands before it. */
const AGENT_NAME = /, current_agent_name='([^'\\]+)'\)$/;

/** True for spans of OpenInference's instrumentation of LlamaIndex, which makes one of every method called. */
export function isLlamaIndex(span: Span): boolean {
  return /^openinference\.instrumentation\.llama_index/.test(span.scope.name);
}

/**
 * The fields with what they mean for LlamaIndex: every method of a model is of kind LLM, tools have their
 * arguments by kind and the result as ToolOutput, and steps of a workflow have the reprs of its events for texts.
 */
export function asLlamaIndex(fields: SpanFields, span: Span): SpanFields {
  if (fields.type === "llm" && PREPARES.test(span.name)) return { type: "step", ...used(fields) };
  if (fields.tool) return { ...fields, ...readTool(fields.tool) };
  const { input, output, ...rest } = fields;
  const call = input === undefined ? undefined : workflowCall(input);
  const name = call && AGENT_NAME.exec(textAt(call, "ev") ?? "")?.[1];
  return {
    ...rest,
    ...(name ? { agent: { ...rest.agent, name } } : {}),
    ...(input === undefined || call ? {} : { input }),
    ...(output === undefined || PYTHON_REPR.test(output) ? {} : { output }),
  };
}

function used({ used: keys }: SpanFields): SpanFields {
  return keys ? { used: keys } : {};
}

/** Arguments of a step (`{ctx, ev}`) or of a whole run (`{init_state, start_event, tags}`); undefined for others. */
function workflowCall(input: string): JsonObject | undefined {
  if (!/^\s*\{/.test(input)) return undefined;
  const call = unpackJson(input, 1);
  if (!isObject(call)) return undefined;
  return ("ctx" in call && "ev" in call) || "init_state" in call ? call : undefined;
}

function readTool(tool: NonNullable<SpanFields["tool"]>): SpanFields {
  const { arguments: given, result } = tool;
  const output = isObject(result) && Array.isArray(result.blocks) && "tool_name" in result ? result : null;
  return {
    tool: {
      ...tool,
      ...(given === undefined ? {} : { arguments: calledWith(given) }),
      ...(output ? { result: unpackResult(output.blocks ?? null) } : {}),
    },
    ...(output?.is_error === true ? { error: errorOf(output) } : {}),
  };
}

/** LlamaIndex hands a tool's exception to the model as its output. */
function errorOf({ raw_output: message }: JsonObject): NonNullable<SpanFields["error"]> {
  return { type: "_OTHER", ...(typeof message === "string" ? { message } : {}) };
}
