import { messageOf } from "../core/errors.ts";
import type { Answer, NoAnswer, Question } from "../core/judge.ts";
import type { BatchProgress, JudgeBatches, SentBatch } from "../core/judge-batches.ts";
import { BATCH_PRICE } from "../core/prices.ts";
import { type BatchRequest, requestsOf } from "./batch-requests.ts";
import type { CallFailure } from "./no-answer.ts";
import type { CallSetting, ProviderAccess } from "./provider-access.ts";
import { answerOf, type ProviderReply } from "./provider-answer.ts";

/**
 * What a batch says of one question. `read` makes of its body what a live call makes of its own, and throws what that throws;
 * `unreadable`: why that cannot even be tried.
 */
export type BatchItem =
  | { readonly read: (question: Question) => ProviderReply }
  | { readonly failure: CallFailure }
  | { readonly unreadable: string }
  | "not-asked";

/** What a batch says of its questions. */
export interface BatchItems {
  readonly byKey: ReadonlyMap<string, BatchItem>;
  /** False: there was something that does not tell which question it is about. */
  readonly isWhole: boolean;
}

/** A batch as its provider's API shows it. `failed`: none of its questions was asked. */
export type BatchView =
  | { readonly state: "running" }
  | { readonly state: "ended"; readonly items: BatchItems }
  | { readonly state: "failed"; readonly failure: CallFailure }
  | { readonly state: "gone"; readonly reason: string };

/** The batches of one provider, through its SDK. Every function throws what the SDK throws. */
export interface ProviderBatches extends Pick<JudgeBatches, "windowMs" | "maxQuestions"> {
  /** Every question comes back, whatever became of it: so a batch without any of ours is another's. */
  readonly isComplete: boolean;
  /** @returns the provider's id of the batch. */
  submit(id: string, requests: readonly BatchRequest[], setting: CallSetting): Promise<string>;
  /** @returns the provider's id of it, or null. */
  find(sent: SentBatch, known: ReadonlySet<string>, setting: CallSetting): Promise<string | null>;
  view(batchId: string, setting: CallSetting): Promise<BatchView>;
}

/** What answers are read with. */
export interface BatchSetting {
  /** E.g. `OpenAI`. */
  readonly title: string;
  readonly model: string;
  readonly maxOutputTokens: number;
  /** Name of the key's environment variable. */
  readonly apiKeyEnv: string;
  readonly access: ProviderAccess;
  failureOf(error: unknown): CallFailure | undefined;
}

/** Both providers take 200 MB and more, but writing a batch holds up all else in its process: this much for 0.3 s, 32 MB for 1.2 s. */
const MAX_BYTES = 8_000_000;

/** A judge's batches, of those of its provider: answers and failures are those of live calls, at the price of batches. */
export function batchesOf(batches: ProviderBatches, setting: BatchSetting): JudgeBatches {
  const { windowMs, maxQuestions } = batches;
  const { access, maxOutputTokens } = setting;
  return {
    account: setting.apiKeyEnv,
    windowMs,
    maxQuestions,
    maxBytes: MAX_BYTES,
    submit: (id, questions, signal) =>
      access.call(signal, async (call) => ({
        batchId: await batches.submit(id, requestsOf(questions, maxOutputTokens), call),
      })),
    find: (sent, known, signal) =>
      access.call(signal, async (call) => ({ batchId: await batches.find(sent, known, call) })),
    async look(batchId, load, signal) {
      const view = await access.call(signal, (call) => viewOr404(batches.view(batchId, call), setting));
      if ("unscored" in view || view.state === "running" || view.state === "gone") return view;
      if (view.state === "failed") return { state: "refused", refusal: access.failed(view.failure) };
      return progressOf(batchId, view.items, await load(), { ...setting, isComplete: batches.isComplete });
    },
  };
}

/** A question that nothing is said of was not asked, unless something was said that cannot be read. */
function progressOf(
  batchId: string,
  { byKey, isWhole }: BatchItems,
  questions: ReadonlyMap<string, Question>,
  setting: BatchSetting & Pick<ProviderBatches, "isComplete">,
): BatchProgress {
  const keys = [...questions.keys()];
  if (setting.isComplete && isWhole && keys.length > 0 && !keys.some((key) => byKey.has(key))) {
    return { state: "gone", reason: `${batchId} of ${setting.title} holds other questions.` };
  }
  const untold: BatchItem = isWhole ? "not-asked" : { unreadable: "a line does not say whose it is" };
  const results = [...questions].map(([key, question]) => ({
    key,
    result: resultOf(byKey.get(key) ?? untold, question, setting),
  }));
  return { state: "ended", results };
}

/** Providers forget a batch, or the files it left, after some weeks; then they say 404. */
async function viewOr404(view: Promise<BatchView>, { title, failureOf }: BatchSetting): Promise<BatchView> {
  try {
    return await view;
  } catch (error) {
    const failure = failureOf(error);
    if (failure?.kind !== "status" || failure.status !== 404) throw error;
    return { state: "gone", reason: `${title} knows the batch no longer, or has deleted what came of it.` };
  }
}

/** An item that cannot be read is one that could not be fetched, as it is live. */
function resultOf(
  item: BatchItem,
  question: Question,
  { title, model, access }: BatchSetting,
): Answer | NoAnswer | "not-asked" {
  if (item === "not-asked") return item;
  if ("unreadable" in item) return unreadable(title, item.unreadable);
  try {
    if ("failure" in item) return access.failed(item.failure);
    return answerOf(item.read(question), question, { title, model, priceShare: BATCH_PRICE });
  } catch (error) {
    // Whatever it is: the others were paid for, too.
    return unreadable(title, messageOf(error));
  }
}

function unreadable(title: string, problem: string): NoAnswer {
  const reason = `What ${title} made of the question in a batch is unreadable: ${problem}.`;
  return { unscored: { code: "provider-down" }, reason };
}
