export type { ModelReply, ModelRequest } from "../llmwire/model-request.ts";
export { type ModelServer, type ModelServerOptions, startModelServer } from "../llmwire/model-server.ts";
export { makeTrace } from "./make-trace.ts";
export { replayTool } from "./replay-tool.ts";
