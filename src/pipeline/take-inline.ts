import { type Clock, systemClock } from "../core/clock.ts";
import { TracegateError } from "../core/errors.ts";
import type { Job } from "../core/queue.ts";
import { decodeBody } from "../otlp/decode-body.ts";
import { jsonToProtobuf } from "../otlp/json-to-protobuf.ts";
import { splitByTrace } from "../otlp/split-by-trace.ts";
import type { Assembler } from "./assemble.ts";

/** What {@link takeInline} works with. */
export interface TakeInlineOptions {
  readonly assembler: Pick<Assembler, "accept" | "signal">;
  /** Default the machine's. */
  readonly clock?: Clock;
  /** Bytes of the body after decompression. Default 64 MiB. */
  readonly maxBodyBytes?: number;
}

const DEFAULT_BODY_BYTES = 64 * 1024 * 1024;

/**
 * Handles a job with its spans in it: they go the way of all spans, through the trace buffer, and their trace is
 * complete. So the same job twice is one, and two jobs with different spans of one trace are two revisions, the
 * later of which has the spans of both; also when a part of the trace comes over OTLP.
 *
 * @throws TracegateError `bad-input` or `too-large` for spans that can never be taken; retryable when the buffer
 *   takes none now.
 */
export async function takeInline(job: Job, options: TakeInlineOptions): Promise<void> {
  const { assembler, clock = systemClock, maxBodyBytes = DEFAULT_BODY_BYTES } = options;
  const body = await decodeBody(Buffer.from(job.otlp ?? "", "base64"), { limit: maxBodyBytes });
  const { fragments, reason } = splitByTrace(isJson(body) ? jsonToProtobuf(textOf(body)) : body);
  const foreign = fragments.find(({ traceId }) => traceId !== job.traceId);
  if (foreign) throw unusable(job, `has spans of trace ${foreign.traceId}; send a job for each trace`);
  if (fragments.length === 0)
    throw unusable(job, reason ?? "has no spans of another service than tracegate itself");
  await assembler.accept(fragments, clock.now());
  await assembler.signal(job.traceId);
}

/** A request in protobuf begins with the byte of a line feed, so only other white space may come before the brace. */
function isJson(body: Uint8Array): boolean {
  return body.find((byte) => byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) === 0x7b;
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function unusable(job: Job, why: string): TracegateError {
  return new TracegateError("bad-input", `Job of trace ${job.traceId}: otlp ${why}.`);
}
