import type { ChaosTrace } from "./chaos-traces.ts";
import type { ArrivedScore, SinkDelivery } from "./counting-sink.ts";
import type { ModelCall } from "./faulty-model.ts";
import { isInFlight, type Killings } from "./in-flight.ts";
import { isPaid } from "./model-faults.ts";

/** What sender, model server and sink have written down. */
export interface Witnesses extends Killings {
  /** Those of which every span was answered with 200. */
  readonly sent: readonly Pick<ChaosTrace, "traceId" | "number" | "scorers">[];
  readonly calls: readonly ModelCall[];
  readonly deliveries: readonly SinkDelivery[];
}

/** What somebody did more than once: how often, and for which traces. */
export interface Repeats {
  readonly times: number;
  readonly traceIds: readonly string[];
}

/** What became of everything, counted outside of tracegate. */
export interface Tally {
  readonly sent: number;
  /** Traces of which the sink's last word has a final decision of every scorer. */
  readonly scored: number;
  /** Ids of the others. */
  readonly lost: readonly string[];
  /** Distinct score ids with a final decision at the sink, and how many there must be. */
  readonly scores: number;
  readonly expectedScores: number;
  /** Score ids of which the sink was told two different final decisions. */
  readonly contradicted: Repeats;
  /** Deliveries the sink had taken with the same bytes before, from a worker that was killed while it was making them. */
  readonly deliveredAgainAfterKill: Repeats;
  /** The same from a worker that was not. */
  readonly deliveredAgain: Repeats;
  /** Calls the provider was paid for. */
  readonly paid: number;
  /** Paid calls with a question that was paid for before, of a worker that was killed while the first was in flight. */
  readonly paidAgainAfterKill: Repeats;
  /** The same of a worker that was not. */
  readonly paidAgain: Repeats;
  /** Of the answers and deliveries that count as in flight: the longest time between one and the kill, ms. */
  readonly longestInFlightMs: number;
  /** Questions, as (trace, scorer), asked again after a call that may have been paid: the ledger must say so of each. */
  readonly inDoubt: readonly { readonly traceId: string; readonly scorer: string }[];
}

/** Reasons without a value that another try ends. */
const PASSING = new Set(["rate-limited", "provider-down", "timed-out", "paused", "over-budget"]);

/** Counts. */
export function tally(witnesses: Witnesses): Tally {
  const { sent, calls, deliveries } = witnesses;
  const unfinished = unfinishedOf(witnesses);
  const scorersOf = new Map(sent.map((trace) => [trace.traceId, trace.scorers]));
  const final = new Map<string, { readonly traceId: string; readonly contents: Set<string> }>();
  for (const { traceId, scores } of deliveries) {
    const wanted = scorersOf.get(traceId) ?? [];
    for (const score of scores.filter(isFinal)) {
      if (!wanted.includes(score.name)) continue;
      const known = final.get(score.id) ?? { traceId, contents: new Set<string>() };
      final.set(score.id, known);
      known.contents.add(score.content);
    }
  }
  const contradicted = [...final.values()].filter(({ contents }) => contents.size > 1);
  const ids = new Map(sent.map(({ number, traceId }) => [number, traceId]));
  const paid = calls.filter(({ planned, repliedAt }) => repliedAt !== null && isPaid(planned));
  const [paidAgainAfterKill, paidAgain] = repeatsOf(
    paid.map((call) => ({
      key: call.question,
      traceId: ids.get(call.number) ?? String(call.number),
      start: call.worker,
      at: call.repliedAt ?? 0,
    })),
    witnesses,
  );
  const [deliveredAgainAfterKill, deliveredAgain] = repeatsOf(
    deliveries.map(({ traceId, content, worker, takenAt }) => ({
      key: content,
      traceId,
      start: worker,
      at: takenAt,
    })),
    witnesses,
  );
  return {
    sent: sent.length,
    scored: sent.length - unfinished.length,
    lost: unfinished,
    scores: final.size,
    expectedScores: sent.reduce((sum, { scorers }) => sum + scorers.length, 0),
    contradicted: { times: contradicted.length, traceIds: contradicted.map(({ traceId }) => traceId) },
    deliveredAgainAfterKill,
    deliveredAgain,
    paid: paid.length,
    paidAgainAfterKill,
    paidAgain,
    longestInFlightMs: Math.max(paidAgainAfterKill.longestMs, deliveredAgainAfterKill.longestMs),
    inDoubt: inDoubtOf(witnesses).map(({ number, scorer }) => ({ traceId: ids.get(number) ?? "", scorer })),
  };
}

/** Ids of the traces of which the sink's last word lacks a final decision. */
export function unfinishedOf({
  sent,
  deliveries,
}: Pick<Witnesses, "sent" | "deliveries">): readonly string[] {
  const last = new Map(deliveries.map((delivery) => [delivery.traceId, delivery]));
  return sent.flatMap(({ traceId, scorers }) => {
    const final = new Set(
      last
        .get(traceId)
        ?.scores.filter(isFinal)
        .map(({ name }) => name),
    );
    return scorers.every((scorer) => final.has(scorer)) ? [] : [traceId];
  });
}

function isFinal({ unscored }: ArrivedScore): boolean {
  return unscored === null || !PASSING.has(unscored);
}

interface Done {
  readonly key: string;
  readonly traceId: string;
  readonly start: string;
  readonly at: number;
}

/** What was done again under one key: after a kill in flight, and otherwise. */
function repeatsOf(
  all: readonly Done[],
  killings: Killings,
): readonly [Repeats & { readonly longestMs: number }, Repeats] {
  const last = new Map<string, Done>();
  const [afterKill, otherwise]: [Done[], Done[]] = [[], []];
  let longestMs = 0;
  for (const one of all) {
    const before = last.get(one.key);
    last.set(one.key, one);
    if (before === undefined) continue;
    if (!isInFlight(before.start, before.at, killings)) {
      otherwise.push(one);
      continue;
    }
    afterKill.push(one);
    longestMs = Math.max(longestMs, (killings.killed.get(before.start) ?? 0) - before.at);
  }
  const told = (some: readonly Done[]): Repeats => ({
    times: some.length,
    traceIds: [...new Set(some.map(({ traceId }) => traceId))],
  });
  return [{ ...told(afterKill), longestMs }, told(otherwise)];
}

/** Calls that were asked again although an earlier one may have been paid: nobody had read its reply, or nobody wrote it down. */
function inDoubtOf(witnesses: Witnesses): readonly ModelCall[] {
  const { calls, killed } = witnesses;
  const last = new Map<string, ModelCall>();
  const doubted = new Map<string, ModelCall>();
  for (const call of calls) {
    const before = last.get(call.question);
    last.set(call.question, call);
    if (before === undefined) continue;
    const killedAt = killed.get(before.worker) ?? Number.POSITIVE_INFINITY;
    const unread = before.repliedAt === null || before.repliedAt > killedAt;
    const unwritten =
      isPaid(before.planned) && isInFlight(before.worker, before.repliedAt ?? killedAt, witnesses);
    if (unread || unwritten) doubted.set(`${call.scorer} ${call.number}`, call);
  }
  return [...doubted.values()];
}
