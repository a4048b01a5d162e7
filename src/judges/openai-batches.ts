import type { OpenAI } from "openai";

import type { Question } from "../core/judge.ts";
import type { SentBatch } from "../core/judge-batches.ts";
import { itemsIn } from "./batch-lines.ts";
import type { BatchRequest } from "./batch-requests.ts";
import type { CallFailure } from "./no-answer.ts";
import type { CallSetting } from "./provider-access.ts";
import type { ProviderReply } from "./provider-answer.ts";
import type { BatchItem, BatchItems, BatchView, ProviderBatches } from "./provider-batches.ts";
import type { RequestSetting } from "./request-setting.ts";
import { codeOfStatus } from "./status-code.ts";

/** What live calls and batches of one of OpenAI's APIs have in common. */
export interface OpenAiBatchApi<Body> {
  readonly endpoint: "/v1/responses" | "/v1/chat/completions";
  clientOf(setting: CallSetting): Promise<OpenAI>;
  body(question: Question, request: RequestSetting): object;
  read(body: Body, question: Question): ProviderReply;
  /** Tells the SDK's exceptions apart. */
  failureOf(error: unknown): CallFailure | undefined;
}

/** An error as it stands in bodies and lines. */
interface LineError {
  readonly code?: string | null;
  readonly type?: string | null;
  readonly message?: string;
}

/** A line of the output file or of the error file; as much trusted as a body that comes through the SDK. */
interface OutputLine<Body> {
  readonly custom_id: string;
  readonly response: { readonly status_code: number; readonly body: Body & { error?: LineError } } | null;
  readonly error: LineError | null;
}

/** Our id stands in the batch's metadata under this name. */
const METADATA_KEY = "tracegate";

/** How far the provider's clock may be from ours, s; an hour costs at most a page more, because the id decides. */
const CLOCKS_APART_S = 3_600;

/** Longer than that no answer waits for a file to be deleted, ms. */
const DELETE_TIMEOUT_MS = 10_000;

/** Questions and answers hold traces, which are not ours to leave there for the usual 30 days. A week is for collectors that were away, s. */
const FILES_EXPIRE = { anchor: "created_at", seconds: 7 * 24 * 60 * 60 } as const;

/**
 * OpenAI Batch (developers.openai.com/api/docs/guides/batch): a file with up to 50,000 requests or 200 MB, ended within 24 hours.
 */
export function openaiBatches<Body>(api: OpenAiBatchApi<Body>): ProviderBatches {
  const { clientOf } = api;
  return {
    windowMs: 24 * 60 * 60_000,
    maxQuestions: 50_000,
    isComplete: false,

    submit: async (id, requests, setting) => submit(await clientOf(setting), id, requests, { api, setting }),

    async find(sent, _known, setting) {
      const client = await clientOf(setting);
      const batchId = await foundBatch(client, sent, setting);
      if (batchId === null) await deleteUploaded(client, sent, setting);
      return batchId;
    },

    async view(batchId, setting): Promise<BatchView> {
      const client = await clientOf(setting);
      const batch = await client.batches.retrieve(batchId, { signal: setting.signal });
      switch (batch.status) {
        case "failed":
          return { state: "failed", failure: failureOfBatch(batch) };
        case "completed":
        case "expired":
        case "cancelled":
          return { state: "ended", items: await itemsOf(api, client, batch, setting.signal) };
        default:
          return { state: "running" };
      }
    },
  };
}

function linesOf<Body>(
  requests: readonly BatchRequest[],
  { endpoint, body }: OpenAiBatchApi<Body>,
): readonly string[] {
  return requests.map(({ key, question, setting }) =>
    JSON.stringify({ custom_id: key, method: "POST", url: endpoint, body: body(question, setting) }),
  );
}

async function submit<Body>(
  client: OpenAI,
  id: string,
  requests: readonly BatchRequest[],
  { api, setting }: { readonly api: OpenAiBatchApi<Body>; readonly setting: CallSetting },
): Promise<string> {
  const { signal } = setting;
  const lines = linesOf(requests, api);
  const file = new File([lines.join("\n")], fileName(id), { type: "application/jsonl" });
  const uploaded = await client.files.create(
    { file, purpose: "batch", expires_after: FILES_EXPIRE },
    { signal },
  );
  try {
    const batch = await client.batches.create(
      {
        endpoint: api.endpoint,
        input_file_id: uploaded.id,
        completion_window: "24h",
        metadata: { [METADATA_KEY]: id },
        output_expires_after: FILES_EXPIRE,
      },
      { signal },
    );
    return batch.id;
  } catch (error) {
    // A batch that may have been made all the same needs its file; `find` tells.
    if (isRefusal(api.failureOf(error))) await deleteFile(client, uploaded.id);
    throw error;
  }
}

function fileName(id: string): string {
  return `tracegate-${id}.jsonl`;
}

/** True: nothing came of the call. */
function isRefusal(failure: CallFailure | undefined): boolean {
  return failure?.kind === "status" && codeOfStatus(failure) !== "provider-down";
}

/** Best effort: a file that stays is deleted there after a week. */
async function deleteFile(client: OpenAI, id: string): Promise<void> {
  await client.files.delete(id, { timeout: DELETE_TIMEOUT_MS }).catch(() => {});
}

async function foundBatch(
  client: OpenAI,
  { id, sentAt }: SentBatch,
  { signal }: CallSetting,
): Promise<string | null> {
  for await (const batch of client.batches.list({ limit: 100 }, { signal })) {
    if (batch.metadata?.[METADATA_KEY] === id) return batch.id;
    if (isBefore(batch, sentAt)) return null;
  }
  return null;
}

/** Deletes what was uploaded for a batch that was then never made. Best effort, as with one that was refused. */
async function deleteUploaded(
  client: OpenAI,
  { id, sentAt }: SentBatch,
  { signal }: CallSetting,
): Promise<void> {
  try {
    for await (const file of client.files.list({ purpose: "batch", limit: 100 }, { signal })) {
      if (file.filename === fileName(id)) await deleteFile(client, file.id);
      if (isBefore(file, sentAt)) return;
    }
  } catch {
    // What is answered is whether the batch is there.
  }
}

/** Whether something is too old to be of a batch, and so is what follows it: lists begin with the newest. */
function isBefore({ created_at }: { readonly created_at: number }, sentAt: number): boolean {
  return created_at < sentAt / 1_000 - CLOCKS_APART_S;
}

/** What is in neither file was not asked. */
async function itemsOf<Body>(
  api: OpenAiBatchApi<Body>,
  client: OpenAI,
  { error_file_id, output_file_id }: OpenAI.Batch,
  signal: AbortSignal,
): Promise<BatchItems> {
  const texts: string[] = [];
  for (const fileId of [error_file_id, output_file_id]) {
    if (fileId) texts.push(await (await client.files.content(fileId, { signal })).text());
  }
  return itemsIn(texts.join("\n"), (line: OutputLine<Body>) => itemOf(line, api));
}

/** Codes of questions that were not reached before the batch ended; nothing is billed for them. */
const NOT_REACHED: readonly unknown[] = ["batch_expired", "batch_cancelled"];

function itemOf<Body>({ response, error }: OutputLine<Body>, api: OpenAiBatchApi<Body>): BatchItem {
  if (response === null) {
    if (NOT_REACHED.includes(error?.code)) return "not-asked";
    return { failure: failureOf(500, error) };
  }
  const { status_code, body } = response;
  if (typeof status_code !== "number") throw new TypeError("it has no status");
  if (status_code >= 200 && status_code < 300) return { read: (question) => api.read(body, question) };
  return { failure: failureOf(status_code, body?.error) };
}

/**
 * A batch that failed its validation, by its first error. Too many tokens waiting in batches of the same model is a limit that passes;
 * everything else is a fault of the file.
 */
function failureOfBatch({ errors }: OpenAI.Batch): CallFailure {
  const error = errors?.data?.[0];
  return failureOf(error?.code === "token_limit_exceeded" ? 429 : 400, error);
}

function failureOf(status: number, error: LineError | null | undefined): CallFailure {
  const words = [error?.code, error?.type].filter((word) => typeof word === "string");
  const message = typeof error?.message === "string" ? error.message : "no reason given";
  return { kind: "status", status, headers: undefined, words, message };
}
