import { setTimeout as sleep } from "node:timers/promises";

import { systemClock } from "../core/clock.ts";
import { contentHash } from "../core/ids.ts";
import type { Judge, Question } from "../core/judge.ts";

/** Characters: what is shorter than about 1,024 tokens no provider keeps. */
const WORTH_KEEPING = 4_096;

/** Questions about one trace come within a moment of each other, because its scorers start together, ms. */
const GATHER_MS = 25;

/** A question waits no longer than this for another one, ms: then it is asked at the full price. */
const LONGEST_WAIT_MS = 20_000;

/** Providers keep what they read for five minutes; a minute is left for the way there, ms. */
const KEPT_MS = 4 * 60_000;

/** Records remembered at most. */
const MOST_RECORDS = 1_000;

/** The questions about one record, as one provider keeps it. */
interface Sharing {
  members: number;
  /** Resolves when the first question has been answered, so that the record is kept. */
  readonly led: Promise<void>;
  /** Unix ms; null until then. */
  keptUntil: number | null;
}

/**
 * Lets questions that begin with the same record share its price. The first one is asked alone, with the record marked to
 * be kept, and the others follow when it is: asked at once, each would find nothing kept, and pay to keep it. A question that
 * stays alone is asked without the mark, for keeping costs a quarter more than reading.
 */
export function sharingRecords(ask: Judge["ask"]): Judge["ask"] {
  const records = new Map<string, Sharing>();

  const lead = async (key: string, question: Question, signal: AbortSignal) => {
    const { promise: led, resolve } = Promise.withResolvers<void>();
    const sharing: Sharing = { members: 1, led, keptUntil: null };
    forgetOldest(records);
    records.set(key, sharing);
    try {
      await sleep(GATHER_MS, undefined, { signal }).catch(() => {});
      if (sharing.members > 1) return await ask(question, signal);
      records.delete(key);
      return await ask(unshared(question), signal);
    } finally {
      sharing.keptUntil = systemClock.now() + KEPT_MS;
      resolve();
    }
  };

  return async (question, signal) => {
    const key = recordKey(question);
    if (key === null) return ask(unshared(question), signal);
    const sharing = records.get(key);
    if (sharing === undefined || (sharing.keptUntil ?? Infinity) < systemClock.now()) {
      return lead(key, question, signal);
    }
    sharing.members += 1;
    await ended(sharing.led, signal);
    return ask(question, signal);
  };
}

/** The same for questions that can share a record; null: theirs is not worth keeping. */
export function recordKey({ instructions, content, labels, sharedLength = 0 }: Question): string | null {
  if (sharedLength < WORTH_KEEPING) return null;
  // Another schema is another beginning: providers put it before the prompt.
  return contentHash([instructions, content.slice(0, sharedLength), labels]);
}

/** The question without the part that others share, so that nothing of it is marked to be kept. */
export function unshared({ sharedLength: _, ...question }: Question): Question {
  return question;
}

function forgetOldest(records: Map<string, Sharing>): void {
  const [oldest] = records.keys();
  if (records.size >= MOST_RECORDS && oldest !== undefined) records.delete(oldest);
}

/** Resolves when the promise does, the signal fires or the longest wait is over. */
async function ended(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  const stop = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_WAIT_MS)]);
  const { promise: stopped, resolve } = Promise.withResolvers<void>();
  const end = () => resolve();
  stop.addEventListener("abort", end, { once: true });
  if (stop.aborted) end();
  await Promise.race([promise, stopped]);
  stop.removeEventListener("abort", end);
}
