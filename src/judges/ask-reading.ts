import { type Answer, isAnswer, type Judge, type NoAnswer, type Question } from "../core/judge.ts";
import { askJudge } from "./ask-judge.ts";
import { together } from "./ask-through.ts";
import { READ_SPANS } from "./judge-question.ts";
import type { RenderedTrace } from "./render-trace.ts";

/** A judge to ask about a record, some of whose steps it may ask to see in full. */
export interface Reading {
  readonly judge: Judge;
  readonly signal: AbortSignal;
  /** The record without any step in full. */
  readonly rendered: RenderedTrace;
  /** How many steps may be seen; where nothing was cut there is nothing to see. */
  readonly reads: number;
  /** The record with these steps in full. */
  render(spanIds: readonly string[]): RenderedTrace;
  /** The question about a record, when so many steps may still be seen. */
  question(rendered: RenderedTrace, left: number): Question;
}

/** What was shown and asked in the end, and what came back. */
export interface Read {
  readonly rendered: RenderedTrace;
  readonly result: Answer | NoAnswer;
  /** Span ids of the steps that were shown in full, in the order in which they were asked for. */
  readonly spanIds: readonly string[];
}

/**
 * Asks until there is an answer. Each time the judge asks to see steps they are shown, besides those before, until it has seen as
 * many as it may: then it has to answer. So there is an end after `reads` + 1 questions.
 *
 * @returns the last result, with usage and cost of all questions.
 */
export async function askReading(reading: Reading): Promise<Read> {
  const { judge, signal } = reading;
  let { rendered } = reading;
  let left = rendered.kept < 1 ? reading.reads : 0;
  const spanIds: string[] = [];
  const results: (Answer | NoAnswer)[] = [];
  for (;;) {
    const result = await askJudge(judge, reading.question(rendered, left), signal);
    const asksToRead = left > 0 && isAnswer(result) && result.label === READ_SPANS;
    if (!asksToRead) {
      const [first = result, ...more] = [...results, result];
      return { rendered, result: together([first, ...more]), spanIds };
    }
    results.push(result);
    const wanted = new Set(result.evidence.filter((id) => !spanIds.includes(id)));
    const seen = [...wanted].slice(0, left);
    // One that asks for nothing new has seen what it wanted.
    left = seen.length === 0 ? 0 : left - seen.length;
    spanIds.push(...seen);
    rendered = reading.render(spanIds);
  }
}
