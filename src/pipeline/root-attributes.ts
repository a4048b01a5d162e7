import type { JsonObject } from "../core/json.ts";
import type { Score } from "../core/score.ts";

/** Characters of an explanation that are kept in an attribute. */
export const EXPLANATION_LIMIT = 2_000;

/**
 * The `tracegate.*` attributes of a scored trace's root span.
 *
 * For each score `tracegate.score.<name>` (0..1), `tracegate.label.<name>`, `tracegate.explanation.<name>`
 * and `tracegate.version.<name>`; an unscored one has `tracegate.unscored.<name>` (the code) and no score. Where only a share
 * of traces is judged, `tracegate.inclusion_probability.<name>` is the chance this one had, below 1: a rate over traces is
 * unbiased when each counts for 1 / chance.
 * What is null has no attribute. `tracegate.revision` says which completion of the trace was scored.
 */
export function rootAttributes(scores: readonly Score[], options: { readonly revision: number }): JsonObject {
  const attributes: JsonObject = { "tracegate.revision": options.revision };
  for (const score of scores) {
    if (score.value !== null) attributes[`tracegate.score.${score.name}`] = score.value;
    if (score.unscored !== null) attributes[`tracegate.unscored.${score.name}`] = score.unscored.code;
    if (score.label !== null) attributes[`tracegate.label.${score.name}`] = score.label;
    if (score.explanation !== null) {
      attributes[`tracegate.explanation.${score.name}`] = capped(score.explanation);
    }
    attributes[`tracegate.version.${score.name}`] = score.version;
    if (score.inclusionProbability !== undefined)
      attributes[`tracegate.inclusion_probability.${score.name}`] = score.inclusionProbability;
  }
  return attributes;
}

/** The text, cut at the limit between two characters, never inside one. */
function capped(text: string): string {
  if (text.length <= EXPLANATION_LIMIT) return text;
  return `${text.slice(0, EXPLANATION_LIMIT - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
