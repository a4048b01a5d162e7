import type { IncomingMessage, ServerResponse } from "node:http";

import { isObject, type JsonObject, type JsonValue, parseJson } from "../core/json.ts";
import { readBody, sendJson } from "../llmwire/json-over-http.ts";
import type { ReplaySession } from "./replay-session.ts";
import { MAX_ARGUMENTS } from "./tool-endpoint.ts";

/** JSON-RPC 2.0 error codes. */
const METHOD_NOT_FOUND = -32601;
const INVALID_REQUEST = -32600;
/** Of the range kept for servers: the recording does not hold this call. */
const DIVERGED = -32009;

/** The newest version of the protocol that we know; a client that asks for another one of these gets it. */
const VERSIONS = ["2025-11-25", "2025-06-18", "2025-03-26"];

/**
 * The recorded tools over MCP, streamable HTTP, the small part that tools need: `initialize`, `ping`,
 * `tools/list`, `tools/call`. Every answer is one JSON body; there is no stream and no session
 * (modelcontextprotocol.io/specification, basic/transports).
 */
export async function answerMcp(
  session: ReplaySession,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (incoming.method !== "POST") {
    response.writeHead(405, { allow: "POST" }).end();
    return;
  }
  const text = await readBody(incoming, MAX_ARGUMENTS);
  const message = text === undefined ? undefined : parseJson(text);
  if (!isObject(message) || typeof message.method !== "string") {
    const error = { code: INVALID_REQUEST, message: "The body must be one JSON-RPC request." };
    return sendJson(response, 400, { jsonrpc: "2.0", id: null, error });
  }
  const { id } = message;
  if (id === undefined) {
    response.writeHead(202).end();
    return;
  }
  const params = isObject(message.params) ? message.params : {};
  const outcome = await answerMethod(session, message.method, params);
  sendJson(response, 200, { jsonrpc: "2.0", id, ...outcome });
}

async function answerMethod(session: ReplaySession, method: string, params: JsonObject): Promise<object> {
  switch (method) {
    case "initialize": {
      const asked = params.protocolVersion;
      const protocolVersion = VERSIONS.find((version) => version === asked) ?? VERSIONS[0];
      const serverInfo = { name: "tracegate-replay", version: "1" };
      return { result: { protocolVersion, capabilities: { tools: {} }, serverInfo } };
    }
    case "ping":
      return { result: {} };
    case "tools/list":
      return { result: { tools: session.toolDefinitions().map(describe) } };
    case "tools/call":
      return callTool(session, params);
    default:
      return { error: { code: METHOD_NOT_FOUND, message: `The replay has no method ${method}.` } };
  }
}

function describe({ name, description, parameters }: ReturnType<ReplaySession["toolDefinitions"]>[number]) {
  const inputSchema = isObject(parameters) ? parameters : { type: "object" };
  return { name, ...(description === undefined ? {} : { description }), inputSchema };
}

async function callTool(session: ReplaySession, params: JsonObject): Promise<object> {
  const name = typeof params.name === "string" ? params.name : "";
  const answer = await session.callToolInItsPlace(name, params.arguments ?? {});
  if (answer.kind === "diverged") return { error: { code: DIVERGED, message: answer.message } };
  if (answer.kind === "error") return { result: { content: [textBlock(answer.message)], isError: true } };
  const { result } = answer;
  const structured = isObject(result) ? { structuredContent: result } : {};
  return { result: { content: result === null ? [] : [textBlock(result)], ...structured, isError: false } };
}

function textBlock(value: JsonValue) {
  return { type: "text", text: typeof value === "string" ? value : JSON.stringify(value) };
}
