import {
  type Answer,
  isAnswer,
  type Judge,
  type NoAnswer,
  type Panel,
  type Question,
  type Stronger,
} from "../core/judge.ts";
import { askThrough, together } from "./ask-through.ts";
import { needsStronger } from "./cascade.ts";
import { comparePanel, undecided } from "./panel.ts";

type Asked = Answer | NoAnswer;

/**
 * Asks a judge, be it one model, a cascade or a panel, until there is an answer or nothing left to try; see {@link askThrough}.
 *
 * @returns the result, with usage and cost of every call.
 */
export function askJudge(judge: Judge, question: Question, signal: AbortSignal): Promise<Asked> {
  if (judge.panel) return askPanel(judge, judge.panel, question, signal);
  if (judge.stronger) return askCascade(judge, judge.stronger, question, signal);
  return askThrough(judge, question, signal);
}

async function askCascade(
  cheap: Judge,
  { judge: strong, acceptAbove }: Stronger,
  question: Question,
  signal: AbortSignal,
): Promise<Asked> {
  const asStrong = async () => {
    const result = await askThrough(strong, question, signal);
    return isAnswer(result) ? { provider: strong.provider, ...result, tier: "strong" as const } : result;
  };
  if (question.tier === "strong") return asStrong();
  const first = await askThrough(cheap, question, signal);
  if (question.tier === "cheap" || !needsStronger(first, acceptAbove) || signal.aborted) {
    return isAnswer(first) ? { ...first, tier: "cheap" } : first;
  }
  return together([first, await asStrong()]);
}

async function askPanel(
  first: Judge,
  { others, arbiter }: Panel,
  question: Question,
  signal: AbortSignal,
): Promise<Asked> {
  const judges = [first, ...others];
  const results = await Promise.all(
    judges.map(async (judge) => ({ judge, result: await askThrough(judge, question, signal) })),
  );
  const outcome = comparePanel(results);
  const [one, ...more] = results.map(({ result }) => result);
  if (one === undefined) throw new Error("a panel without judges");
  if (outcome.kind === "agreed") return together([one, ...more, { ...outcome.answer, ...NOTHING_MORE }]);
  if (outcome.kind === "incomplete") return together([one, ...more, { ...outcome.result, ...NOTHING_MORE }]);
  if (arbiter === undefined) {
    return together([one, ...more, { ...undecided(outcome.said), ...NOTHING_MORE, usage: {} }]);
  }
  const last = await askThrough(arbiter, question, signal);
  const decided = isAnswer(last) ? { provider: arbiter.provider, ...last, panel: outcome.said } : last;
  return together([one, ...more, decided]);
}

/** The conclusion of what was said: no call of its own, so nothing to pay, and as remembered as the rest. */
const NOTHING_MORE = { calls: 0, cost: 0, usage: {}, remembered: true } as const;
