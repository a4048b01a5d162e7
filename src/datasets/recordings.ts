import { join } from "node:path";
import { z } from "zod";

import type { RecordedCall, Recording } from "../core/case.ts";
import { TracegateError } from "../core/errors.ts";
import { contentHash, TRACE_ID } from "../core/ids.ts";
import { type JsonObject, type JsonValue, parseJson } from "../core/json.ts";
import type { Trace } from "../core/trace.ts";
import { replaceFile } from "./file-lock.ts";
import { findSecrets, secretMessage } from "./find-secrets.ts";
import { readText } from "./read-dataset.ts";
import type { Redactor } from "./redact.ts";

/** Bytes of calls one recording may hold, 256 KiB. */
export const RECORDING_LIMIT = 256 * 1024;

const json: z.ZodType<JsonValue> = z.json();

const recordingSchema = z.strictObject({
  v: z.literal(1),
  traceId: z.string().regex(TRACE_ID),
  toolCalls: z.array(
    z.strictObject({
      name: z.string(),
      arguments: json.exactOptional(),
      result: json.exactOptional(),
      error: z.string().nullable(),
    }),
  ),
  llmCalls: z.array(z.record(z.string(), json)),
  redactions: z.record(z.string(), z.number()),
  truncated: z.boolean(),
});

/**
 * What tools and models answered in a run, in order, redacted. Beyond `limit` bytes the later calls are
 * left out and `truncated` says so; tool calls come first, for they are what a replay needs most.
 */
export function makeRecording(trace: Trace, redactor: Redactor, limit: number = RECORDING_LIMIT): Recording {
  const budget = { left: limit };
  const tools = trace.toolCalls.map((call): RecordedCall => {
    const error = call.error ? [call.error.type, call.error.message].filter(Boolean).join(": ") : null;
    return {
      name: call.name,
      ...(call.arguments === undefined ? {} : { arguments: redactor.redact(call.arguments) }),
      ...(call.result === undefined ? {} : { result: redactor.redact(call.result) }),
      error: error === null ? null : redactor.redactText(error),
    };
  });
  const models = trace.llmCalls.map((call): JsonObject => {
    return {
      model: call.model ?? null,
      output: call.output ? redactor.redact(JSON.parse(JSON.stringify(call.output))) : null,
      finishReason: call.finishReason ?? null,
    };
  });
  const toolCalls = takeWhileFits(tools, budget);
  const llmCalls = takeWhileFits(models, budget);
  const truncated = toolCalls.length < tools.length || llmCalls.length < models.length;
  return { v: 1, traceId: trace.traceId, toolCalls, llmCalls, redactions: redactor.counts(), truncated };
}

/** The name of a recording's file: a hash of its content. */
export function recordingHash(recording: Recording): string {
  return contentHash(recording);
}

/**
 * Writes `<directory>/<hash>.json` unless it is there already.
 *
 * @throws TracegateError `secret` when it holds what looks like a credential.
 */
export async function writeRecording(directory: string, recording: Recording): Promise<string> {
  const hash = recordingHash(recording);
  const path = join(directory, `${hash}.json`);
  const [secret] = findSecrets(recording);
  if (secret) throw new TracegateError("secret", secretMessage(secret, path));
  if ((await readText(path)) === null) await replaceFile(path, `${JSON.stringify(recording, null, 2)}\n`);
  return hash;
}

/**
 * Reads a recording.
 *
 * @throws TracegateError `not-found`, or `bad-input` when the file is not a recording.
 */
export async function readRecording(directory: string, hash: string): Promise<Recording> {
  const path = join(directory, `${hash}.json`);
  const text = await readText(path);
  if (text === null) {
    throw new TracegateError(
      "not-found",
      `${path}: this recording is not there. Was it left out of the commit?`,
    );
  }
  const read = recordingSchema.safeParse(parseJson(text));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new TracegateError(
    "bad-input",
    `${path}: not a recording (${issue?.path.join(".")}: ${issue?.message}). Restore the file from git.`,
  );
}

function takeWhileFits<T>(calls: readonly T[], budget: { left: number }): T[] {
  const taken: T[] = [];
  for (const call of calls) {
    const size = Buffer.byteLength(JSON.stringify(call));
    if (size > budget.left) {
      budget.left = 0;
      break;
    }
    budget.left -= size;
    taken.push(call);
  }
  return taken;
}
