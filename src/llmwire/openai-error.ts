import type { JsonObject } from "../core/json.ts";

/** OpenAI's error body; the same for all its endpoints. */
export function openaiError(status: number, message: string): JsonObject {
  return {
    error: { message, type: errorType(status), param: null, code: status === 401 ? "invalid_api_key" : null },
  };
}

function errorType(status: number): string {
  if (status === 429) return "rate_limit_exceeded";
  if (status >= 500) return "server_error";
  return "invalid_request_error";
}
