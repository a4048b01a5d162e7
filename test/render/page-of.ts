import type { TraceSubject } from "../../src/render/html/trace-article.ts";
import { tracePage } from "../../src/render/html/trace-page.ts";

/** The whole page of some traces. */
export async function pageOf(...subjects: readonly TraceSubject[]): Promise<string> {
  let page = "";
  for await (const piece of tracePage(subjects)) page += piece;
  return page;
}
