import { readdir } from "node:fs/promises";
import { join } from "node:path";

import { isObject, parseJson } from "../core/json.ts";
import type { GitCommand } from "./git-command.ts";
import { parseLines, readText } from "./read-dataset.ts";

/** Something in a file that was made of a trace. */
export interface TracedItem {
  readonly traceId: string;
  readonly kind: "case" | "recording" | "journal";
  /** The file, as it was given or found. */
  readonly path: string;
  /** Of the case. */
  readonly caseId?: string;
  /** In the files as they are now. False: only in git's history. */
  readonly isThere: boolean;
  /** Commits that brought it or took it away, abbreviated, newest first. None: it is not in git. */
  readonly commits: readonly string[];
}

/** Where to look. */
export interface TracedPlaces {
  /** Absolute paths of dataset files. */
  readonly datasets: readonly string[];
  /** Absolute paths of folders: recordings, and journals of gate runs. */
  readonly recordings: string;
  readonly journals: string;
  /** Null outside git. */
  readonly git: GitCommand | null;
}

/** Traces for which git's whole history is searched although no file names them; each is a walk over all commits. */
const SEARCHED_BLINDLY = 20;

/** Cases, recordings and journals that were made of some traces, by the provenance they carry. */
export async function findProvenance(
  traceIds: readonly string[],
  places: TracedPlaces,
): Promise<readonly TracedItem[]> {
  const wanted = new Set(traceIds);
  const there = [
    ...(await Promise.all(places.datasets.map((path) => casesIn(path, wanted)))).flat(),
    ...(await recordingsIn(places.recordings, wanted)),
    ...(await journalsIn(places.journals, traceIds)),
  ];
  const items = await Promise.all(
    there.map(async (item): Promise<TracedItem> => {
      const commits = item.kind === "journal" ? [] : await commitsOf(item.path, item.traceId, places.git);
      return { ...item, isThere: true, commits };
    }),
  );
  const blind = traceIds.length > SEARCHED_BLINDLY ? [] : traceIds;
  return [...items, ...(await onlyInHistory(blind, there, places))];
}

type Found = Omit<TracedItem, "isThere" | "commits">;

async function casesIn(path: string, wanted: ReadonlySet<string>): Promise<readonly Found[]> {
  return parseLines((await readText(path)) ?? "", path).flatMap(({ case: one }): Found[] => {
    if (one === null || one.source.kind !== "trace" || !wanted.has(one.source.traceId)) return [];
    return [{ traceId: one.source.traceId, kind: "case", path, caseId: one.id }];
  });
}

async function recordingsIn(folder: string, wanted: ReadonlySet<string>): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const path of await filesIn(folder, ".json")) {
    const recording = parseJson((await readText(path)) ?? "");
    if (!isObject(recording) || typeof recording.traceId !== "string") continue;
    if (wanted.has(recording.traceId)) found.push({ traceId: recording.traceId, kind: "recording", path });
  }
  return found;
}

/** A journal is about many cases, and goes as a whole: it only lets an interrupted run go on. */
async function journalsIn(folder: string, traceIds: readonly string[]): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const path of await filesIn(folder, ".jsonl")) {
    const text = (await readText(path)) ?? "";
    const traceId = traceIds.find((id) => text.includes(id));
    if (traceId !== undefined) found.push({ traceId, kind: "journal", path });
  }
  return found;
}

async function filesIn(folder: string, ending: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => name.endsWith(ending)).map((name) => join(folder, name));
}

/** Commits of all branches and tags that changed how often the id is in the file. */
async function commitsOf(path: string, traceId: string, git: GitCommand | null): Promise<readonly string[]> {
  if (git === null) return [];
  const { code, stdout } = await git(["log", "--all", "--format=%h", `-S${traceId}`, "--", path]);
  return code === 0 ? stdout.toString("utf8").split("\n").filter(Boolean) : [];
}

/** What was in a commit and is in no file now. */
async function onlyInHistory(
  traceIds: readonly string[],
  there: readonly Found[],
  { datasets, recordings, git }: TracedPlaces,
): Promise<readonly TracedItem[]> {
  if (git === null) return [];
  const found: TracedItem[] = [];
  for (const traceId of traceIds) {
    for (const path of [...datasets, recordings]) {
      const isKnown = there.some((item) => item.traceId === traceId && item.path.startsWith(path));
      const commits = isKnown ? [] : await commitsOf(path, traceId, git);
      const kind = path === recordings ? "recording" : "case";
      if (commits.length > 0) found.push({ traceId, kind, path, isThere: false, commits });
    }
  }
  return found;
}
