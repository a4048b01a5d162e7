import { contentHash } from "../core/ids.ts";
import type { Question } from "../core/judge.ts";
import type { KeyedQuestion } from "../core/judge-batches.ts";
import { maxOutputOf, type RequestSetting } from "./request-setting.ts";
import { recordKey, unshared } from "./share-records.ts";

/** One question of a batch, ready to be written in a provider's words. */
export interface BatchRequest extends KeyedQuestion {
  readonly setting: RequestSetting;
}

/**
 * The questions of a batch with what each of them lets the provider keep: what a second question of the same batch begins
 * with, too. It is kept for an hour, because nobody knows when the second one is asked.
 */
export function requestsOf(
  questions: readonly KeyedQuestion[],
  maxOutputTokens: number,
): readonly BatchRequest[] {
  const keyed = questions.map(({ key, question }) => ({
    key,
    question,
    record: recordKey(question),
    instructions: instructionsKey(question),
  }));
  const records = counted(keyed.map(({ record }) => record));
  const instructions = counted(keyed.map((one) => one.instructions));
  return keyed.map(({ key, question, record, ...own }) => ({
    key,
    question: record !== null && isShared(records, record) ? question : unshared(question),
    setting: {
      maxOutputTokens: maxOutputOf(question, maxOutputTokens),
      keepsInstructions: isShared(instructions, own.instructions),
      keepsFor: "1h",
    },
  }));
}

/** Another schema is another beginning; see {@link recordKey}. */
function instructionsKey({ instructions, labels }: Question): string {
  return contentHash([instructions, labels]);
}

function counted(keys: readonly (string | null)[]): ReadonlyMap<string | null, number> {
  const counts = new Map<string | null, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

function isShared(counts: ReadonlyMap<string | null, number>, key: string): boolean {
  return (counts.get(key) ?? 0) > 1;
}
