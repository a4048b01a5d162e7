import type { Case, Dataset } from "../core/case.ts";
import { TracegateError } from "../core/errors.ts";
import { textHash } from "../core/ids.ts";
import { stableJson } from "../core/json.ts";
import type { Scorer } from "../core/scorer.ts";
import { isAccepted, isRetired } from "./case-life.ts";

/** What the gate must know of a scorer. */
export type GateScorer = Pick<Scorer, "name" | "version" | "kind" | "weight">;

/** One thing to hold: a case and a scorer it must pass. */
export interface Criterion {
  readonly case: Case;
  readonly scorer: GateScorer;
  /** Comparability key: trials with different keys are never counted together. */
  readonly key: string;
  /** False for a judge nobody has put trust in. */
  readonly blocking: boolean;
  /** The case names this scorer itself; else it stands for "every scorer". */
  readonly named: boolean;
}

/** What makes criteria of cases. */
export interface CriteriaContext {
  readonly scorers: readonly GateScorer[];
  /** `Judge.identity` of the configured judge; part of the key of judge scorers. */
  readonly judgeIdentity?: string;
  /** `Task.identity`. */
  readonly taskIdentity: string;
  /** Judge scorers that may block, by name. */
  readonly trust: readonly string[];
}

/** The cases to try: accepted and in use. */
export function casesToTry(dataset: Dataset): readonly Case[] {
  return dataset.cases.filter((one) => isAccepted(one) && !isRetired(one));
}

/**
 * Every scorer that every case must pass. A case that names none must pass all that may block.
 *
 * @throws TracegateError `config` when a case names a scorer that is not configured, for such a case
 * would silently guard nothing, or when two cases have one id.
 */
export function criteriaOf(cases: readonly Case[], context: CriteriaContext): readonly Criterion[] {
  const scorers = new Map(context.scorers.map((scorer) => [scorer.name, scorer]));
  const blocks = ({ kind, name }: GateScorer) => kind === "rule" || context.trust.includes(name);
  const seen = new Set<string>();
  return cases.flatMap((one) => {
    if (seen.has(one.id)) throw new TracegateError("config", `Two cases have the id ${one.id}. Rename one.`);
    seen.add(one.id);
    const named = one.mustPass.length > 0;
    const wanted = named
      ? one.mustPass.map((name) => scorers.get(name) ?? unknownScorer(one, name, [...scorers.keys()]))
      : context.scorers.filter(blocks);
    const { id, input, expected, mustPass } = one;
    const text = stableJson({ id, input, expected, mustPass });
    return wanted.map((scorer): Criterion => {
      const key = comparabilityKey(text, scorer, context);
      return { case: one, scorer, key, blocking: blocks(scorer), named };
    });
  });
}

/**
 * The key under which trials are comparable: the case's id, input and expectations, the scorer and its
 * version, the judge where one is asked, and how the agent is run. The commit is left out, for it is
 * what is being compared.
 *
 * @param text The case as JSON, made once for all its scorers.
 */
function comparabilityKey(
  text: string,
  { name, version, kind }: GateScorer,
  { judgeIdentity, taskIdentity }: Pick<CriteriaContext, "judgeIdentity" | "taskIdentity">,
): string {
  const judge = kind === "judge" ? judgeIdentity : undefined;
  const rest = stableJson({ judge, scorer: [name, version], task: taskIdentity });
  // The same text as of one object with the case in it: `case` comes first.
  return textHash(`{"case":${text},${rest.slice(1)}`);
}

function unknownScorer(one: Case, name: string, known: readonly string[]): never {
  throw new TracegateError(
    "config",
    `Case ${one.id} must pass ${name}, but the configuration has no scorer of that name (it has ${known.join(", ") || "none"}). Add the scorer, or change mustPass of the case.`,
  );
}
