import type { JsonObject } from "../core/json.ts";
import type { Score } from "../core/score.ts";

/** A `tracegate.*` attribute of the root span that belongs to one scorer, whose name is the rest. */
const OF_SCORER = /^tracegate\.(?:score|label|explanation|unscored|version|inclusion_probability)\.(.+)$/;

/**
 * Root attributes with those of newer scores. All earlier ones of the same scorers go, because a score that has come has
 * no `tracegate.unscored.*` any more.
 *
 * @param scores Those that were written; attributes of others are not taken.
 */
export function mergeAttributes(
  earlier: JsonObject,
  newer: JsonObject,
  scores: readonly Pick<Score, "name">[],
): JsonObject {
  const renewed = new Set(scores.map(({ name }) => name));
  const isRenewed = (key: string, otherwise: boolean) => {
    const scorer = OF_SCORER.exec(key)?.[1];
    return scorer === undefined ? otherwise : renewed.has(scorer);
  };
  return Object.fromEntries([
    ...Object.entries(earlier).filter(([key]) => !isRenewed(key, false)),
    ...Object.entries(newer).filter(([key]) => isRenewed(key, true)),
  ]);
}
