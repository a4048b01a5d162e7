import { html } from "./html.ts";
import { pageAround } from "./page.ts";
import { type TraceSubject, traceArticle } from "./trace-article.ts";

/**
 * One page of all traces given, piece by piece, so that a page of thousands never stands in memory. Without
 * traces there is no page. Several traces are folded, one summary line each.
 */
export async function* tracePage(
  subjects: AsyncIterable<TraceSubject> | Iterable<TraceSubject>,
): AsyncGenerator<string> {
  let first: TraceSubject | undefined;
  let number = 0;
  const folded = ({ trace }: TraceSubject, article: ReturnType<typeof html>) =>
    html`<details class="trace"><summary><bdi>${trace.name || "trace"}</bdi> <span class="note">${trace.traceId}</span></summary>${article}</details>`
      .markup;
  for await (const subject of subjects) {
    number += 1;
    if (number === 1) {
      first = subject;
      continue;
    }
    if (first) {
      yield pageAround("traces").start.markup;
      yield folded(first, traceArticle(first, "t1"));
      first = undefined;
    }
    yield folded(subject, traceArticle(subject, `t${number}`));
  }
  if (number === 0) return;
  if (first) {
    yield pageAround(first.trace.name || "trace").start.markup;
    yield traceArticle(first, "t1").markup;
  }
  yield pageAround("").end.markup;
}
