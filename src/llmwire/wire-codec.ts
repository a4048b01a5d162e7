import type { JsonObject } from "../core/json.ts";
import type { CompleteReply } from "./complete-reply.ts";
import type { ModelRequest } from "./model-request.ts";
import type { ServerSentEvent } from "./server-sent-event.ts";

/** One wire format: how a request is read, and how a reply, a stream and an error are written. */
export interface WireCodec {
  /** Path of the endpoint, e.g. `/v1/messages`. */
  readonly path: string;
  /** Whether it answers a path, for formats that put the model into it. Default: only `path` itself. */
  readonly takes?: (path: string) => boolean;
  /** Reads a request body. Fields it does not know are left in `body`; nothing is refused here. */
  parse(body: JsonObject, path?: string): ModelRequest;
  /** The whole reply as one body. */
  encode(reply: CompleteReply, request: ModelRequest): JsonObject;
  /** The same reply as a stream of events. */
  stream(reply: CompleteReply, request: ModelRequest): readonly ServerSentEvent[];
  /** An error body for an HTTP status. */
  error(status: number, message: string): JsonObject;
}
