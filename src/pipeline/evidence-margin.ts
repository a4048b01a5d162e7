/** How the loss is chosen that a pass has to rule out. */
export interface MarginRule {
  /** The smallest loss of the mean pass rate that matters, 0..1. */
  readonly margin: number;
  /** Chance to pass a change with that loss, 0..1. */
  readonly missRate: number;
  /** True: a suite too small to rule `margin` out in about one pass takes a larger one, or none. */
  readonly widen: boolean;
}

/** Losses of the mean pass rate that a small suite may settle for, in its order. */
const WIDER = [0.08, 0.12, 0.2];

/**
 * The loss of the mean pass rate that a pass has to rule out. With `widen` it is the smallest of a few
 * that one trial of every case rules out for about half of all unchanged changes; null when none is. So a suite of
 * twenty cases does not cost five passes on every pull request; it says instead how little it sees.
 *
 * @param reliabilities Mean reliabilities of the guarding cases, 0..1.
 */
export function marginOf(reliabilities: readonly number[], rule: MarginRule): number | null {
  if (reliabilities.length === 0) return null;
  const level = reliabilities.reduce((sum, one) => sum + one, 0) / reliabilities.length;
  const fitting = [rule.margin, ...WIDER.filter((wider) => wider > rule.margin)].filter(
    (margin) => margin < level,
  );
  if (!rule.widen) return fitting[0] ?? null;
  return fitting.find((margin) => settles(reliabilities, margin / level, Math.log(rule.missRate))) ?? null;
}

/** Whether ln L is expected below the limit after one trial of each, when nothing changed. */
function settles(reliabilities: readonly number[], loss: number, limit: number): boolean {
  let expected = 0;
  for (const p of reliabilities) {
    const onPass = Math.log1p(-loss);
    const onFail = Math.log((1 - p * (1 - loss)) / (1 - p));
    expected += p * onPass + (1 - p) * onFail;
  }
  return expected <= limit;
}
