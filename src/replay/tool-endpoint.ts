import type { IncomingMessage, ServerResponse } from "node:http";

import { parseJson } from "../core/json.ts";
import { readBody, sendJson } from "../llmwire/json-over-http.ts";
import type { ReplaySession } from "./replay-session.ts";

/** Bytes of arguments that are taken. */
export const MAX_ARGUMENTS = 4 * 1024 * 1024;

/**
 * `POST <url>/tools/<name>` with the arguments as JSON. Answers 200 with `{"result": ...}`, or with
 * `{"error": {"type", "message"}}` when the tool failed, or with `{"live": true}` when it is to run for real; 409 with `{"error": {"code": "replay-diverged",
 * "message"}}` for a call that the recording does not hold.
 */
export async function answerTool(
  session: ReplaySession,
  name: string,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const text = await readBody(incoming, MAX_ARGUMENTS);
  const given = text === undefined ? undefined : parseJson(text === "" ? "{}" : text);
  if (given === undefined) {
    const message = "The body must be the arguments of the tool as JSON, 4 MiB at the most.";
    return sendJson(response, 400, { error: { code: "bad-input", message } });
  }
  const answer = await session.callTool(name, given);
  switch (answer.kind) {
    case "result":
      return sendJson(response, 200, { result: answer.result });
    case "error":
      return sendJson(response, 200, { error: { type: answer.type, message: answer.message } });
    case "live":
      return sendJson(response, 200, { live: true });
    case "diverged":
      return sendJson(response, 409, { error: { code: "replay-diverged", message: answer.message } });
  }
}
