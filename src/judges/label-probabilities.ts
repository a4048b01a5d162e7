/** A token of a reply and what might have stood in its place, as OpenAI's APIs tell it. */
export interface TokenChoice {
  readonly token: string;
  /** Natural logarithm of its probability. */
  readonly logprob: number;
  readonly top_logprobs?: readonly { readonly token: string; readonly logprob: number }[];
}

/**
 * How probable each label was where the model began to write its label, together 1. The likeliest tokens of that place (20 at the most) stand for
 * the labels they begin. Undefined when that place is not found, or when a token begins more than one label (`no` and `not_sure`):
 * then one token does not tell.
 *
 * After the reasons have been written, most of the probability lies on one label; the figure orders answers by how sure the
 * model was, and is no calibrated probability.
 */
export function labelProbabilities(
  tokens: readonly TokenChoice[] | undefined,
  labels: readonly string[],
): { readonly [label: string]: number } | undefined {
  const place = tokens && labelPlace(tokens);
  if (place === undefined) return undefined;
  const sums = new Map(labels.map((label) => [label, 0]));
  for (const { token, logprob } of place.choices) {
    if (!token.startsWith(place.before)) continue;
    const [written = "", ...after] = token.slice(place.before.length).split('"');
    const isWhole = after.length > 0;
    const begun = labels.filter((label) => (isWhole ? label === written : label.startsWith(written)));
    const [label, other] = written === "" ? [] : begun;
    if (other !== undefined) return undefined;
    if (label !== undefined) sums.set(label, (sums.get(label) ?? 0) + Math.exp(logprob));
  }
  const sum = sums.values().reduce((total, probability) => total + probability, 0);
  return sum === 0 ? undefined : Object.fromEntries([...sums].map(([label, part]) => [label, part / sum]));
}

/** The token with the first character of the label, what of it stands before that character, and its rivals. */
function labelPlace(tokens: readonly TokenChoice[]) {
  const text = tokens.map(({ token }) => token).join("");
  const match = [...text.matchAll(/"label"\s*:\s*"/gu)].at(-1);
  if (match === undefined) return undefined;
  const start = match.index + match[0].length;
  let offset = 0;
  for (const { token, logprob, top_logprobs: rivals = [] } of tokens) {
    if (offset + token.length > start) {
      const isNamed = rivals.some((rival) => rival.token === token);
      const choices = isNamed ? rivals : [{ token, logprob }, ...rivals];
      return { before: token.slice(0, start - offset), choices };
    }
    offset += token.length;
  }
  return undefined;
}
