import { isObject, type JsonObject, type JsonValue } from "../core/json.ts";
import { constructorArguments } from "./messages/langchain-shape.ts";
import { unpackJson } from "./messages/shape.ts";
import type { ReadingScope } from "./reading-scope.ts";
import { valueText } from "./value-text.ts";

/**
 * The arguments in a `traceloop.entity.input`: `{args, kwargs}` of a wrapped function, or what the LangChain
 * callback wrote (`{inputs}` or `{input_str}` beside tags and metadata). Undefined when there are none.
 */
export function argumentsOf(input: JsonValue | undefined): JsonValue | undefined {
  if (input === undefined) return undefined;
  const value = unpackJson(input);
  if (!isObject(value)) return value;
  if (isCall(value)) return callArguments(value);
  if (isCallback(value, "inputs")) return unpackJson(value.inputs ?? null);
  if ("input_str" in value) return unpackJson(value.input_str ?? null);
  return value;
}

/** The request as text; undefined for a function that was called without arguments. */
export function inputText(input: JsonValue | undefined, scope: ReadingScope): string | undefined {
  const value = argumentsOf(input);
  return value === undefined || value === null ? undefined : valueText(value, "user", scope);
}

/** What a `traceloop.entity.output` holds. */
export function outputOf(output: JsonValue | undefined): JsonValue | undefined {
  if (output === undefined) return undefined;
  const value = unpackJson(output);
  if (!isObject(value)) return value;
  if (isCallback(value, "outputs")) return unpackJson(value.outputs ?? null);
  if (isCallback(value, "output")) {
    const inner = unpackJson(value.output ?? null);
    const message = isObject(inner) ? (constructorArguments(inner) ?? inner) : undefined;
    return message && "content" in message && "tool_call_id" in message ? message.content : inner;
  }
  return value;
}

function isCall(value: JsonObject): boolean {
  return Array.isArray(value.args) && isObject(value.kwargs) && Object.keys(value).length === 2;
}

function callArguments({ args, kwargs }: JsonObject): JsonValue | undefined {
  const list = Array.isArray(args) ? args : [];
  const named = isObject(kwargs) ? kwargs : {};
  const hasNamed = Object.keys(named).length > 0;
  if (list.length === 0) return hasNamed ? named : undefined;
  if (hasNamed) return { args: list, kwargs: named };
  const [only] = list;
  return list.length === 1 && only !== undefined ? unpackJson(only) : list;
}

/** The LangChain callback adds `kwargs`, `tags` and `metadata` to what it records. */
function isCallback(value: JsonObject, name: string): boolean {
  return name in value && Object.keys(value).every((key) => CALLBACK_KEYS.has(key));
}

const CALLBACK_KEYS = new Set(["inputs", "input_str", "outputs", "output", "kwargs", "tags", "metadata"]);
