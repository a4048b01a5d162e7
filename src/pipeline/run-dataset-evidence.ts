import { contentHash } from "../core/ids.ts";
import type { Trace } from "../core/trace.ts";

/**
 * Hash of what was judged, without times and span ids: two trials with equal hashes are one, because
 * their answers came out of a cache or a recording.
 *
 * The provider's response ids are part of it: a model that gives the same text in two calls was asked
 * twice. Null for a run without any model call: its answer cannot come from a model's cache, so a
 * repetition is a trial of its own.
 */
export function evidenceHash(trace: Trace): string | null {
  if (trace.llmCalls.length === 0) return null;
  return contentHash(
    {
      input: trace.input,
      output: trace.output,
      messages: trace.messages,
      models: trace.llmCalls.map(({ responseId, output, finishReason, error }) => ({
        responseId,
        output,
        finishReason,
        error,
      })),
      tools: trace.toolCalls.map(({ name, callId, arguments: given, result, error }) => ({
        name,
        callId,
        given,
        result,
        error,
      })),
      retrievals: trace.retrievals.map(({ query, documents, error }) => ({ query, documents, error })),
      errors: trace.errors.map(({ type, message }) => ({ type, message })),
    },
    32,
  );
}
