import { passed, type Score } from "../core/score.ts";
import type { LedgerRow } from "../core/store.ts";
import { TRACE_ITSELF } from "../pipeline/process-trace.ts";

/** A row of the ledger in words. */
export interface DecisionWords {
  /** What was decided and why. */
  readonly reason: string;
  /** What comes next or what somebody can do; null when there is nothing. */
  readonly next: string | null;
}

/** What somebody can do about a scorer that failed, by code. */
const REMEDIES: { readonly [code: string]: string } = {
  "no-key": "Set the key of the judge.",
  refused: "The model will not judge this content; another model might.",
  cut: "Raise maxOutputTokens of the judge for the next traces.",
  "cannot-judge":
    "The record does not settle the question; show the judge more (context, budgetTokens) or ask another.",
  "schema-broken": "The model does not keep to the schema; use one that does.",
  "bad-request": "Correct the options of the judge.",
  "scorer-error": "Correct the scorer; the reason says where it broke.",
  "rate-limited": "The tries are spent. Raise the provider's limit, or worker.judgeRetries.",
  "provider-down": "The tries are spent. See whether the provider is up, or raise worker.judgeRetries.",
  "timed-out": "The tries are spent. Raise timeoutMs of the judge, or worker.judgeRetries.",
};

/**
 * What a row of the ledger says, and what to do about it.
 *
 * @param score Of this scorer and revision, when it is stored.
 */
export function decisionWords(row: LedgerRow, score: Score | undefined): DecisionWords {
  const verdict =
    score && score.value !== null ? `${passed(score) ? "passed" : "failed"} with ${score.value}` : undefined;
  const said = row.reason ?? score?.explanation;
  const reason = [verdict, row.code, said].filter(Boolean).join(": ");
  return { reason, next: nextOf(row) };
}

function nextOf(row: LedgerRow): string | null {
  const { scorer, code, attempts, retryAt } = row;
  const tries = `${attempts} ${attempts === 1 ? "try" : "tries"}`;
  switch (row.state) {
    case "scored":
    case "filtered":
      return null;
    case "waiting":
      if (code === "over-budget" && retryAt !== null)
        return `It is asked at ${new Date(retryAt).toISOString()}, from the budget of that day.`;
      if (retryAt === null) return "It waits in the queue.";
      if (code === "batched")
        return `The score is there soon after the batch has ended; it is looked for at ${new Date(retryAt).toISOString()} at the latest.`;
      return `After ${tries} it is asked again at ${new Date(retryAt).toISOString()}, by itself.`;
    case "paused":
      return `Nothing is asked until somebody repairs the cause and runs \`tracegate resume ${scorer}\`, which then makes up for this trace.`;
    case "sampled-out":
      return "Raise sampling.rate, for all or for this service, to have more ordinary traces judged.";
    case "over-budget":
      return `Raise judging.budget, or wait for the next day (UTC); then \`tracegate resume ${scorer} --over-budget\` makes up for this trace. With judging.budget.carryOver that happens by itself.`;
    case "too-large":
      return `The reason says which limit it is over: lower or raise budgetTokens of "${scorer}", or take a judge with a larger window.`;
    case "in-doubt":
      return "An earlier call with this question was broken off, by a time limit or a process that died, so the answer may have been paid twice. The score is sound.";
    case "superseded":
      return "A newer revision of the trace, or of the scorer, took its place.";
    case "failed":
      if (scorer === TRACE_ITSELF) {
        const id = `${row.subject}-${row.revision}`;
        return `It is dead after ${tries}. \`tracegate dead show ${id}\` tells more, \`tracegate dead redrive ${id}\` runs it again.`;
      }
      return remedyOf(scorer, code ?? "");
  }
}

function remedyOf(scorer: string, code: string): string | null {
  const remedy = Object.hasOwn(REMEDIES, code) ? REMEDIES[code] : undefined;
  return remedy === undefined
    ? null
    : `${remedy} \`tracegate resume ${scorer} --failed\` asks again about what has failed.`;
}
