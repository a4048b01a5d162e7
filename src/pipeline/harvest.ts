import type { Case, Condemnation, Recording } from "../core/case.ts";
import type { Score } from "../core/score.ts";
import type { Trace } from "../core/trace.ts";
import { secretMessage } from "../datasets/find-secrets.ts";
import { writeRecording } from "../datasets/recordings.ts";
import type { Redactions } from "../datasets/redact.ts";
import { updateDataset } from "../datasets/write-dataset.ts";
import { isRetired } from "./case-life.ts";
import { harvestTrace } from "./harvest-case.ts";

/** A scored trace, as it comes to the harvest. */
export interface ScoredInput {
  readonly trace: Trace;
  readonly scores: readonly Score[];
}

/** Options of {@link harvest}. */
export interface HarvestOptions {
  readonly traces: AsyncIterable<ScoredInput> | Iterable<ScoredInput>;
  /** The dataset to add to; made when it is not there. */
  readonly datasetPath: string;
  /** Folder of the recordings. */
  readonly recordingsDirectory: string;
  /** Names of scorers whose failures are harvested. Default: all. */
  readonly only?: readonly string[];
}

/** What a harvest did, by case id where there is a case. */
export interface HarvestReport {
  /** Traces looked at, and how many of them a scorer failed. */
  readonly traces: number;
  readonly failing: number;
  readonly added: readonly string[];
  /** Cases already there that another scorer condemns too. */
  readonly merged: readonly string[];
  /** Failures whose case is there already. */
  readonly unchanged: readonly string[];
  readonly skipped: readonly { readonly traceId: string; readonly reason: string }[];
  /** Not written, because something in it looks like a credential. */
  readonly blocked: readonly {
    readonly traceId: string;
    readonly caseId: string;
    readonly message: string;
  }[];
  /** Personal data replaced in the cases added, by rule. */
  readonly redactions: Redactions;
}

interface Candidate {
  readonly case: Case;
  readonly recording: Recording | null;
  readonly redactions: Redactions;
  readonly startTime: number;
}

/**
 * Turns failing traces into quarantined cases of a dataset in git.
 *
 * The result depends on the traces alone: they are taken in the order of their start, and harvesting the
 * same traffic again changes no byte. A case that is there already is never doubled or reset, whatever
 * was decided about it. A further scorer that condemns the same input joins the case: before the review
 * it must be passed too, after it only the reason is added, and a rejected or retired case stays as it is.
 *
 * @throws TracegateError `unavailable` when another process keeps the dataset locked.
 */
export async function harvest(options: HarvestOptions): Promise<HarvestReport> {
  const gathered = await gather(options);
  const candidates = combine(gathered.candidates);
  const added: Candidate[] = [];
  const merged: string[] = [];
  const unchanged: string[] = [];
  await updateDataset(options.datasetPath, async (cases) => {
    const result = new Map(cases.map((one) => [one.id, one]));
    for (const candidate of candidates) {
      const { id } = candidate.case;
      const known = result.get(id);
      const next = known ? mergeCase(known, candidate.case) : candidate.case;
      result.set(id, next);
      if (!known) added.push(candidate);
      else (next === known ? unchanged : merged).push(id);
    }
    // Before the dataset, so that no case ever points at a recording that is not there.
    for (const { recording } of added) {
      if (recording) await writeRecording(options.recordingsDirectory, recording);
    }
    return [...result.values()];
  });
  const { traces, failing, skipped, blocked } = gathered;
  const redactions = sumOf(added.map((one) => one.redactions));
  return {
    traces,
    failing,
    added: added.map((one) => one.case.id),
    merged,
    unchanged,
    skipped,
    blocked,
    redactions,
  };
}

async function gather(options: HarvestOptions) {
  const candidates: Candidate[] = [];
  const skipped: { traceId: string; reason: string }[] = [];
  const blocked: { traceId: string; caseId: string; message: string }[] = [];
  let traces = 0;
  for await (const { trace, scores } of options.traces) {
    traces += 1;
    const wanted = options.only ? scores.filter(({ name }) => options.only?.includes(name)) : scores;
    const made = harvestTrace(trace, wanted);
    const { traceId, startTime } = trace;
    if (made.kind === "case") candidates.push({ ...made, startTime });
    if (made.kind === "skipped") skipped.push({ traceId, reason: made.reason });
    if (made.kind === "blocked") {
      const message = secretMessage(made.secret, `Case ${made.caseId} of trace ${traceId}`);
      blocked.push({ traceId, caseId: made.caseId, message });
    }
  }
  const failing = candidates.length + skipped.length + blocked.length;
  return { candidates, skipped, blocked, traces, failing };
}

/** One candidate per case: that of the first trace, condemned by whoever condemned any of them. */
function combine(candidates: readonly Candidate[]): readonly Candidate[] {
  const traceIdOf = ({ source }: Case) => (source.kind === "trace" ? source.traceId : "");
  const ordered = candidates.toSorted(
    (a, b) => a.startTime - b.startTime || (traceIdOf(a.case) < traceIdOf(b.case) ? -1 : 1),
  );
  const byId = new Map<string, Candidate>();
  for (const candidate of ordered) {
    const first = byId.get(candidate.case.id);
    const next = first ? { ...first, case: mergeCase(first.case, candidate.case) } : candidate;
    byId.set(candidate.case.id, next);
  }
  return [...byId.values()];
}

/** The known case, with the new reasons; the same object when there is none. */
function mergeCase(known: Case, found: Case): Case {
  if (known.source.kind !== "trace" || found.source.kind !== "trace" || isRetired(known)) return known;
  const names = new Set(known.source.condemned.map(({ scorer }) => scorer));
  const further = found.source.condemned.filter(({ scorer }) => !names.has(scorer));
  if (further.length === 0) return known;
  const condemned = [...known.source.condemned, ...further].sort(byScorer);
  const mustPass = known.review
    ? known.mustPass
    : [...new Set([...known.mustPass, ...further.map(({ scorer }) => scorer)])].sort();
  return { ...known, mustPass, source: { ...known.source, condemned } };
}

function byScorer(a: Condemnation, b: Condemnation): number {
  return a.scorer < b.scorer ? -1 : 1;
}

function sumOf(counts: readonly Redactions[]): Redactions {
  const sums: Record<string, number> = {};
  for (const [rule, count] of counts.flatMap(Object.entries)) sums[rule] = (sums[rule] ?? 0) + count;
  return sums;
}
