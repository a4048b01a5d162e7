import type { Anthropic } from "@anthropic-ai/sdk";

import type { Question } from "../core/judge.ts";
import { itemsIn } from "./batch-lines.ts";
import type { CallFailure } from "./no-answer.ts";
import type { CallSetting } from "./provider-access.ts";
import type { ProviderReply } from "./provider-answer.ts";
import type { BatchItem, BatchView, ProviderBatches } from "./provider-batches.ts";
import type { RequestSetting } from "./request-setting.ts";

type MessageBatch = Anthropic.Messages.Batches.MessageBatch;

/** As much trusted as a body that comes through the SDK. */
type BatchLine = Anthropic.Messages.Batches.MessageBatchIndividualResponse;

/** What live calls and batches of Anthropic have in common. */
export interface AnthropicBatchApi {
  clientOf(setting: CallSetting): Promise<Anthropic>;
  body(question: Question, request: RequestSetting): Anthropic.MessageCreateParamsNonStreaming;
  read(message: Anthropic.Message): ProviderReply;
}

/** How far the provider's clock may be from ours, ms. */
const CLOCKS_APART_MS = 60_000;

/**
 * Anthropic Message Batches (platform.claude.com/docs, `POST /v1/messages/batches`): up to 100,000 requests or 256 MB, ended within 24 hours,
 * results kept for 29 days.
 */
export function anthropicBatches({ clientOf, body, read }: AnthropicBatchApi): ProviderBatches {
  return {
    windowMs: 24 * 60 * 60_000,
    maxQuestions: 100_000,
    isComplete: true,

    async submit(_id, requests, setting) {
      const client = await clientOf(setting);
      const batch = await client.messages.batches.create(
        {
          requests: requests.map((request) => ({
            custom_id: request.key,
            params: body(request.question, request.setting),
          })),
        },
        { signal: setting.signal },
      );
      return batch.id;
    },

    // A batch has no name of ours here: of those made while ours was on its way, with as many questions, the one next to its beginning.
    async find({ sentAt, sentUntil, questions }, known, setting) {
      const client = await clientOf(setting);
      let nearest: { readonly id: string; readonly apart: number } | undefined;
      const batches = client.messages.batches.list({ limit: 100 }, { signal: setting.signal });
      for await (const batch of batches) {
        const createdAt = Date.parse(batch.created_at);
        // The newest ones come first.
        if (createdAt < sentAt - CLOCKS_APART_MS) break;
        if (createdAt > sentUntil + CLOCKS_APART_MS) continue;
        if (known.has(batch.id) || totalOf(batch) !== questions) continue;
        const apart = Math.abs(createdAt - sentAt);
        if (nearest === undefined || apart < nearest.apart) nearest = { id: batch.id, apart };
      }
      return nearest?.id ?? null;
    },

    async view(batchId, setting): Promise<BatchView> {
      const client = await clientOf(setting);
      const { signal } = setting;
      const batch = await client.messages.batches.retrieve(batchId, {}, { signal });
      if (batch.processing_status !== "ended") return { state: "running" };
      if (batch.results_url === null) {
        return { state: "gone", reason: "Anthropic keeps what came of a batch for 29 days; they are over." };
      }
      const text = await resultsOf(client, batchId, signal);
      const items = itemsIn(text, ({ result }: BatchLine) => itemOf(result, read));
      return { state: "ended", items };
    },
  };
}

function totalOf({ request_counts: counts }: MessageBatch): number {
  return counts.processing + counts.succeeded + counts.errored + counts.canceled + counts.expired;
}

/**
 * The SDK would send the key to wherever `results_url` points, which behind a gateway that passes it on is another host; and would stop
 * at a line that cannot be read.
 */
async function resultsOf(client: Anthropic, batchId: string, signal: AbortSignal): Promise<string> {
  const path = `/v1/messages/batches/${encodeURIComponent(batchId)}/results`;
  const response = await client.get(path, { signal, headers: { accept: "application/binary" } }).asResponse();
  return response.text();
}

/** What expired or was canceled was neither asked nor billed. */
function itemOf(
  result: Anthropic.Messages.Batches.MessageBatchResult,
  read: AnthropicBatchApi["read"],
): BatchItem {
  switch (result.type) {
    case "succeeded":
      return { read: () => read(result.message) };
    case "errored":
      return { failure: failureOf(result.error) };
    case "canceled":
    case "expired":
      return "not-asked";
    default:
      throw new TypeError("it has no result");
  }
}

/** The HTTP statuses that errors of a live call have (platform.claude.com/docs/en/api/errors). */
const STATUSES: { readonly [type: string]: number } = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
};

function failureOf({ error }: Anthropic.ErrorResponse): CallFailure {
  const { type, message } = error;
  return { kind: "status", status: STATUSES[type] ?? 500, headers: undefined, words: [type], message };
}
