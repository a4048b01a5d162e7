import { rm } from "node:fs/promises";
import { resolve } from "node:path";

import type { Config } from "../config/schema.ts";
import { systemClock } from "../core/clock.ts";
import type { PurgeWhom, Tombstone } from "../core/store.ts";
import { findProvenance, type TracedItem } from "../datasets/find-provenance.ts";
import { gitIn } from "../datasets/git-command.ts";
import { storedUserId } from "../datasets/redact.ts";
import { updateDataset } from "../datasets/write-dataset.ts";
import { mergeTraces } from "../otlp/merge-traces.ts";
import { readSpans } from "../otlp/read-spans.ts";
import { overwriteDeleted, scrubDatabase } from "../store/scrub-database.ts";
import { openQueue } from "./open-queue.ts";
import { openState, type State } from "./open-state.ts";
import type { Place } from "./services.ts";
import { traceReader } from "./trace-reader.ts";

/** Whom {@link openPurge} is for. */
export type Whom = { readonly traceId: string } | { readonly userId: string };

/** A trace that is to be purged, or was. */
export interface PurgeableTrace {
  readonly traceId: string;
  /** Names of sinks that have it, or may have it. */
  readonly deliveredTo: readonly string[];
}

/** What there is of someone's traces. */
export interface PurgePlan {
  readonly traces: readonly PurgeableTrace[];
  /** Remembered answers of judges. */
  readonly answers: number;
  /** What lies in files: `commits` tells what is in git, where only its owners can delete it. */
  readonly files: readonly TracedItem[];
}

/** What was purged. */
export interface PurgeResult extends PurgePlan {
  /** Traces of which spans waited to be complete or scored. */
  readonly waited: number;
  /** Jobs that waited or were dead. */
  readonly jobs: number;
  /** Nothing of the traces is taken until then, Unix ms. */
  readonly refusedUntil: number;
  /**
   * Whether deleted rows are gone from the bytes of the state file, too; null where everything is in services, whose own
   * files are theirs to clean.
   */
  readonly scrubbed: boolean | null;
}

/** A purge that has been looked into and not been made. */
export interface OpenPurge {
  readonly plan: PurgePlan;
  run(): Promise<PurgeResult>;
  close(): Promise<void>;
}

/** Traces in one transaction: each has a lock in PostgreSQL. */
const AT_ONCE = 200;
const DAY_MS = 86_400_000;

/**
 * Looks for everything there is of a trace, or of all traces of a user: what is stored, what waits, and what lies in files. Works beside
 * running processes, in a state folder and in services.
 */
export async function openPurge(config: Config, place: Place, whom: Whom): Promise<OpenPurge> {
  const state = await openState(config, place);
  try {
    const { queue } = await openQueue(state, { config, ...place });
    const plan = await planOf(config, place, whom, state);
    return {
      plan,
      async run() {
        const ids = plan.traces.map(({ traceId }) => traceId);
        const at = systemClock.now();
        const tombstone = { at, until: at + config.privacy.refusePurgedDays * DAY_MS };
        if (state.database !== null) overwriteDeleted(state.database);
        const kept = await purgeKept(ids, tombstone, state);
        const doomed = new Set(ids);
        const jobs = await queue.purge(({ traceId }) => doomed.has(traceId));
        await removeFiles(plan.files);
        const scrubbed = state.database === null ? null : scrubDatabase(state.database);
        return { ...plan, ...kept, jobs, refusedUntil: tombstone.until, scrubbed };
      },
      async close() {
        await queue.close();
        await state.close();
      },
    };
  } catch (error) {
    await state.close();
    throw error;
  }
}

async function planOf(config: Config, place: Place, whom: Whom, state: State): Promise<PurgePlan> {
  const waiting = "userId" in whom ? await waitingOf(whom.userId, config, state) : [whom.traceId];
  const deliveredTo = new Map(waiting.map((traceId): [string, readonly string[]] => [traceId, []]));
  let answers = 0;
  for (const one of storedAs(whom)) {
    const stored = await state.store.toPurge(one);
    answers += stored.answers;
    for (const trace of stored.traces) deliveredTo.set(trace.traceId, trace.deliveredTo);
  }
  const traces = [...deliveredTo].map(([traceId, sinks]) => ({ traceId, deliveredTo: sinks }));
  return { traces, answers, files: await filesOf([...deliveredTo.keys()], config, place) };
}

/** Traces that were redacted before they were stored have another name of the user. */
function storedAs(whom: Whom): readonly PurgeWhom[] {
  if ("traceId" in whom) return [whom];
  const stored = storedUserId(whom.userId);
  return stored === whom.userId ? [whom] : [whom, { userId: stored }];
}

async function waitingOf(userId: string, config: Config, { buffer }: State): Promise<readonly string[]> {
  const read = traceReader(config);
  const bytes = Buffer.from(userId);
  return buffer.search((traceId, chunks) => {
    if (!chunks.some((chunk) => Buffer.from(chunk).includes(bytes))) return false;
    const spans = readSpans(mergeTraces(chunks)).filter((span) => span.traceId === traceId);
    return spans.length > 0 && read(spans).userId === userId;
  });
}

async function filesOf(traceIds: readonly string[], config: Config, { cwd, environment }: Place) {
  const git = gitIn(cwd, environment);
  const isGit = await git(["rev-parse", "--is-inside-work-tree"]).then(
    ({ code }) => code === 0,
    () => false,
  );
  const datasets = [...new Set([config.harvest.dataset, ...config.gate.datasets])];
  return findProvenance(traceIds, {
    datasets: datasets.map((path) => resolve(cwd, path)),
    recordings: resolve(cwd, config.harvest.recordings),
    journals: resolve(cwd, config.directory, "gate"),
    git: isGit ? git : null,
  });
}

async function purgeKept(
  ids: readonly string[],
  tombstone: Tombstone,
  { store, buffer }: State,
): Promise<Pick<PurgeResult, "traces" | "answers" | "waited">> {
  const deliveredTo = new Map(ids.map((traceId): [string, readonly string[]] => [traceId, []]));
  let answers = 0;
  let waited = 0;
  for (let start = 0; start < ids.length; start += AT_ONCE) {
    const some = ids.slice(start, start + AT_ONCE);
    // First what would bring it back.
    waited += await buffer.purge(some, tombstone);
    const purged = await store.purge({ traceIds: some }, tombstone);
    answers += purged.answers;
    for (const trace of purged.traces) deliveredTo.set(trace.traceId, trace.deliveredTo);
  }
  const traces = [...deliveredTo].map(([traceId, sinks]) => ({ traceId, deliveredTo: sinks }));
  return { traces, answers, waited };
}

/** What is in a commit stays where it is: to delete the file would only hide that. */
async function removeFiles(files: readonly TracedItem[]): Promise<void> {
  const own = files.filter(({ isThere, commits }) => isThere && commits.length === 0);
  for (const { kind, path } of own) if (kind !== "case") await rm(path, { force: true });
  for (const [path, items] of Map.groupBy(own, (item) => item.path)) {
    const doomed = new Set(items.flatMap(({ caseId }) => caseId ?? []));
    if (doomed.size > 0) await updateDataset(path, (cases) => cases.filter(({ id }) => !doomed.has(id)));
  }
}
