import type { request } from "node:http";

/**
 * `request` for the protocol of a URL. Not imported: importing `node:http` as a module loads fetch and WebSocket with it, 40 ms of
 * every start of a program that mostly makes no request.
 */
export function requestOf({ protocol }: URL): typeof request {
  return process.getBuiltinModule(protocol === "https:" ? "node:https" : "node:http").request;
}
