import { isObject, type JsonValue } from "../core/json.ts";

/**
 * What a traced Python function was called with, recorded as `{"args": […], "kwargs": {…}}`: the named
 * arguments, or a lone positional one, whose name is not recorded. Anything else, also a call with both
 * kinds or several positional ones, stays as it is.
 */
export function calledWith(value: JsonValue): JsonValue {
  if (!isObject(value) || !Object.keys(value).every((key) => key === "args" || key === "kwargs"))
    return value;
  const { args = [], kwargs = {} } = value;
  if (!Array.isArray(args) || !isObject(kwargs) || Object.keys(value).length === 0) return value;
  if (args.length === 0) return kwargs;
  const [only] = args;
  return args.length === 1 && only !== undefined && Object.keys(kwargs).length === 0 ? only : value;
}
