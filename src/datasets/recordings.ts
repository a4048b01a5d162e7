import { join } from "node:path";
import { z } from "zod";

import type { Recording } from "../core/case.ts";
import { TracegateError } from "../core/errors.ts";
import { contentHash, TRACE_ID } from "../core/ids.ts";
import { type JsonValue, parseJson } from "../core/json.ts";
import { finishReasonSchema, messageSchema } from "./case-schema.ts";
import { replaceFile } from "./file-lock.ts";
import { findSecrets, secretMessage } from "./find-secrets.ts";
import { readText } from "./read-dataset.ts";

const json: z.ZodType<JsonValue> = z.json();

const count = z.number().exactOptional();

const requestSchema = z.strictObject({
  system: z.string().exactOptional(),
  turns: count,
  news: z.string().exactOptional(),
  preview: z.string().exactOptional(),
});

const llmCallSchema = z.strictObject({
  provider: z.string().exactOptional(),
  model: z.string().nullable(),
  requestModel: z.string().exactOptional(),
  request: requestSchema.exactOptional(),
  output: z.array(messageSchema).nullable(),
  finishReason: finishReasonSchema.nullable(),
  usage: z
    .strictObject({
      inputTokens: count,
      outputTokens: count,
      cacheReadTokens: count,
      cacheWriteTokens: count,
      reasoningTokens: count,
    })
    .exactOptional(),
  error: z.string().exactOptional(),
});

/** The shape of a recording. */
export const recordingSchema: z.ZodType<Recording> = z.strictObject({
  v: z.literal(1),
  traceId: z.string().regex(TRACE_ID),
  startedAt: count,
  toolCalls: z.array(
    z.strictObject({
      kind: z.enum(["retrieval", "memory"]).exactOptional(),
      name: z.string(),
      arguments: json.exactOptional(),
      result: json.exactOptional(),
      error: z.string().nullable(),
    }),
  ),
  llmCalls: z.array(llmCallSchema),
  toolDefinitions: z
    .array(
      z.strictObject({
        name: z.string(),
        description: z.string().exactOptional(),
        parameters: json.exactOptional(),
      }),
    )
    .exactOptional(),
  redactions: z.record(z.string(), z.number()),
  truncated: z.boolean(),
});

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
