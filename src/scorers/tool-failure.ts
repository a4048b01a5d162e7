import { isObject, type JsonValue, parseJson } from "../core/json.ts";
import type { ToolCall } from "../core/trace.ts";

/** Results that begin like this are errors, whatever the span's status says. */
const ERROR_TEXT = /^\W{0,3}(error|exception|traceback|fatal|failed|failure)\b/i;

/**
 * Why a tool call failed, in the tool's own words; undefined when it did not. A failure is an error of the
 * span, or a result that says error: text that begins with one, `isError: true`, `success: false`,
 * `status: "error"`, or an `error` that is not empty.
 */
export function toolFailure(call: ToolCall): string | undefined {
  const said = call.result === undefined ? undefined : failureIn(call.result);
  if (call.error === null) return said;
  return call.error.message ?? said ?? call.error.type;
}

function failureIn(result: JsonValue): string | undefined {
  if (typeof result === "string") {
    const parsed = /^\s*\{/.test(result) && result.length < 20_000 ? parseJson(result) : undefined;
    if (parsed !== undefined) return failureIn(parsed);
    return ERROR_TEXT.test(result) ? result : undefined;
  }
  if (!isObject(result)) return undefined;
  const { error, isError, is_error, success, ok, status, message } = result;
  const words = [error, message].find((text) => typeof text === "string" && text !== "");
  const says =
    (typeof error === "string" && error !== "") ||
    (isObject(error) && Object.keys(error).length > 0) ||
    error === true ||
    isError === true ||
    is_error === true ||
    success === false ||
    ok === false ||
    status === "error";
  return says ? (typeof words === "string" ? words : JSON.stringify(result)) : undefined;
}
