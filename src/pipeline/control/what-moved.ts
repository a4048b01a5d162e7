import type { Case, RecordedLlmCall, Recording } from "../../core/case.ts";
import { stableJson } from "../../core/json.ts";
import type { History, Result } from "../../core/run.ts";
import type { LlmCall, ToolDefinition, Trace } from "../../core/trace.ts";

/** What is compared. */
export interface Movement {
  readonly cases: readonly Case[];
  /** Main's trials of now. */
  readonly mainNow: readonly Result[];
  /** The change's trials. */
  readonly change: readonly Result[];
  readonly history: Pick<History, "passingRuns">;
  /** The recording a case was harvested with; for cases of which history keeps no passing run. */
  readonly recordingOf?: (one: Case) => Promise<Recording | undefined>;
}

/** A run of a case from the time when main passed it, or when it was harvested. */
interface EarlierRun {
  /** For people: `main's history (commit 1a2b3c4, 2026-11-02)`. */
  readonly from: string;
  readonly recording: Recording;
}

/** Tools that are named one by one. */
const NAMED = 5;

/**
 * What is different around main since its history was made, as far as traces tell: the models that answered, the tools that were offered,
 * tools that fail now. A sentence each; where nothing is different in the traces, it says that too.
 */
export async function whatMoved(movement: Movement): Promise<readonly string[]> {
  const now = movement.mainNow.flatMap(({ trace }) => trace ?? []);
  const tried = new Set(movement.mainNow.map(({ caseId }) => caseId));
  const here = movement.change.filter(({ caseId }) => tried.has(caseId)).flatMap(({ trace }) => trace ?? []);
  const earlier = await earlierRuns(movement, [...tried]);
  if (now.length === 0) return [];
  const found = [...models(now, here, earlier), ...offeredTools(now, earlier), ...failingTools(now, earlier)];
  if (earlier.length > 0) return found;
  return [
    ...found,
    "No trace of main's earlier runs is kept, so its earlier models and tools are not known; a history on a branch (gate.history) keeps one passing run of each case.",
  ];
}

async function earlierRuns(
  { cases, history, recordingOf }: Movement,
  ids: readonly string[],
): Promise<readonly EarlierRun[]> {
  const passing = (await history.passingRuns?.(ids)) ?? [];
  const kept = new Set(passing.map(({ caseId }) => caseId));
  const rest = cases.filter(({ id }) => ids.includes(id) && !kept.has(id));
  const harvested = await Promise.all(
    rest.map(async (one) => {
      const recording = await recordingOf?.(one);
      if (!recording) return [];
      const at = one.source.kind === "trace" ? ` of ${one.source.endedAt.slice(0, 10)}` : "";
      return [{ from: `the recording${at}`, recording }];
    }),
  );
  return [
    ...passing.map(({ commit, at, recording }) => {
      const day = new Date(at).toISOString().slice(0, 10);
      return { from: `main's history (${commit ? `commit ${commit.slice(0, 7)}, ` : ""}${day})`, recording };
    }),
    ...harvested.flat(),
  ];
}

function models(now: readonly Trace[], here: readonly Trace[], earlier: readonly EarlierRun[]): string[] {
  const main = namesOf(now.flatMap(({ llmCalls }) => llmCalls));
  const change = namesOf(here.flatMap(({ llmCalls }) => llmCalls));
  if (main.length === 0) return [];
  const also = same(main, change) ? "main and this change" : `main (this change: ${listed(change)})`;
  const then = namesOf(earlier.flatMap(({ recording }) => recording.llmCalls));
  if (then.length === 0) return [`Models that answer ${also} now: ${listed(main)}.`];
  const from = fromOf(earlier);
  return same(main, then)
    ? [
        `The models that answer ${also} now are named as in ${from}: ${listed(main)}. A provider may change a model under its name.`,
      ]
    : [`The models that answer ${also} now are ${listed(main)}; in ${from} they were ${listed(then)}.`];
}

function namesOf(calls: readonly (LlmCall | RecordedLlmCall)[]): readonly string[] {
  const names = calls.flatMap((call) => {
    const model = ("responseModel" in call ? call.responseModel : undefined) ?? call.model;
    return model ? [call.provider ? `${model} (${call.provider})` : model] : [];
  });
  return [...new Set(names)].toSorted();
}

function offeredTools(now: readonly Trace[], earlier: readonly EarlierRun[]): string[] {
  const then = toolTable(earlier.flatMap(({ recording }) => recording.toolDefinitions ?? []));
  const today = toolTable(now.flatMap(({ toolDefinitions }) => toolDefinitions));
  if (then.size === 0 || today.size === 0) return [];
  const changes = [
    ...[...today.keys()].filter((name) => !then.has(name)).map((name) => `${name} is new`),
    ...[...then.keys()].filter((name) => !today.has(name)).map((name) => `${name} is gone`),
    ...[...today]
      .filter(([name, schema]) => then.has(name) && then.get(name) !== schema)
      .map(([name]) => `${name} has another definition`),
  ];
  return changes.length === 0
    ? []
    : [`The tools that main offers its models differ from ${fromOf(earlier)}: ${listed(changes)}.`];
}

function toolTable(tools: readonly ToolDefinition[]): ReadonlyMap<string, string> {
  return new Map(tools.map(({ name, parameters }) => [name, stableJson(parameters ?? null)]));
}

function failingTools(now: readonly Trace[], earlier: readonly EarlierRun[]): string[] {
  const failedThen = new Set(
    earlier.flatMap(({ recording }) =>
      recording.toolCalls.flatMap(({ name, error }) => (error ? [name] : [])),
    ),
  );
  const failing = Map.groupBy(
    now.flatMap(({ toolCalls }) => toolCalls).filter(({ name, error }) => error && !failedThen.has(name)),
    ({ name }) => name,
  );
  return [...failing].slice(0, NAMED).map(([name, [first]]) => {
    const words = first?.error?.message ?? first?.error?.type ?? "";
    return `The tool ${name} fails for main now: ${words.replaceAll(/[\p{Cc}\s]+/gu, " ").slice(0, 200)}.`;
  });
}

function fromOf(earlier: readonly EarlierRun[]): string {
  const all = [...new Set(earlier.map(({ from }) => from))];
  return all.length > 2 ? `${all[0]} and ${all.length - 1} more` : all.join(" and ");
}

function listed(names: readonly string[]): string {
  if (names.length === 0) return "not told";
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : "";
  return names.slice(0, NAMED).join(", ") + more;
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, at) => name === b[at]);
}
