import { type Answer, isAnswer, type Judge, type NoAnswer, type Question } from "../core/judge.ts";
import { sumUsage } from "../core/sum-usage.ts";

type Asked = Answer | NoAnswer;

/**
 * Asks a judge until there is an answer or nothing left to try, each thing once: what a {@link NoAnswer} proposes as second try (twice
 * the output for one that was cut, the fault shown for one that broke the schema), and the judge's fallback where it refused. What may
 * pass, such as a rate limit, is not tried again here; the ledger says when.
 *
 * Every try is a call of its own to the judge given, so one that remembers answers pays for each once: when the second try
 * meets a rate limit, the next job begins with it.
 *
 * @returns the last result, with usage and cost of all tries.
 */
export async function askThrough(judge: Judge, question: Question, signal: AbortSignal): Promise<Asked> {
  const tries: [Asked, ...Asked[]] = [await judge.ask(question, signal)];
  const { secondTry } = withoutAnswer(tries) ?? {};
  if (secondTry !== undefined && !signal.aborted) {
    tries.push(await judge.ask({ ...question, secondTry }, signal));
  }
  if (withoutAnswer(tries)?.unscored.code === "refused" && judge.fallback !== undefined && !signal.aborted) {
    const answer = await askThrough(judge.fallback, question, signal);
    tries.push(isAnswer(answer) ? { provider: judge.fallback.provider, ...answer } : answer);
  }
  return together(tries);
}

function withoutAnswer(tries: readonly [Asked, ...Asked[]]): NoAnswer | undefined {
  const last = lastOf(tries);
  return isAnswer(last) ? undefined : last;
}

function lastOf([first, ...more]: readonly [Asked, ...Asked[]]): Asked {
  return more.at(-1) ?? first;
}

/** The last try, which counts, with what all of them cost. */
export function together(tries: readonly [Asked, ...Asked[]]): Asked {
  const last = lastOf(tries);
  if (tries.length === 1) return last;
  // Once everything came from the store, the sum is that of the first time; else it is what is paid now.
  const remembered = tries.every((one) => one.remembered === true);
  const paid = remembered ? tries : tries.filter((one) => one.remembered !== true);
  const usage = sumUsage(paid.map(({ usage = {} }) => usage));
  const calls = tries.reduce((sum, one) => sum + (one.calls ?? 1), 0);
  const inDoubt = tries.some((one) => one.inDoubt === true);
  const summed = {
    ...costTogether(paid),
    calls,
    ...(remembered && { remembered }),
    ...(inDoubt && { inDoubt }),
  };
  if (isAnswer(last)) {
    const { cost: _cost, remembered: _remembered, ...answer } = last;
    return { ...answer, usage, ...summed };
  }
  const before = tries.slice(0, -1).flatMap((one) => (isAnswer(one) ? [] : one.unscored.code));
  const { unscored, limits } = last;
  const reason =
    before.length === 0 ? last.reason : `${last.reason} (Asked again after: ${before.join(", ")}.)`;
  const wasPaid = paid.some((one) => one.usage !== undefined);
  return { unscored, reason, ...(wasPaid && { usage }), ...(limits && { limits }), ...summed };
}

/** Absent when a paid part has no price: a sum without it would count it as free. */
function costTogether(paid: readonly Asked[]): { readonly cost?: number } {
  let sum = 0;
  for (const { usage, cost } of paid) {
    if (cost === undefined && usage !== undefined) return {};
    sum += cost ?? 0;
  }
  return { cost: sum };
}
