import type { Span } from "../core/span.ts";

/**
 * What an MCP client span and the server span of the same request have in common: session id and JSON-RPC
 * request id. Undefined without both, since request ids count from 1 in every session.
 */
export function mcpRequestKey({ attributes }: Span): string | undefined {
  const session = attributes["mcp.session.id"];
  const request =
    attributes["jsonrpc.request.id"] ?? attributes["rpc.jsonrpc.request_id"] ?? attributes["mcp.request.id"];
  if (typeof session !== "string" || session === "") return undefined;
  if (typeof request !== "string" && typeof request !== "number") return undefined;
  return request === "" ? undefined : `${session} ${request}`;
}
