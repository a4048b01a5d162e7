import type { Label } from "../core/label.ts";
import type { Store, StoredScore } from "../core/store.ts";

const PAGE = 1_000;

/** Every score of the traces that began at or after `since` (Unix ms), by trace id and name; read a page at a time. */
export function allScores(store: Pick<Store, "scores">, since = 0): AsyncGenerator<StoredScore> {
  return allPages((after: StoredScore | null) => store.scores({ since, after, limit: PAGE }));
}

/** Every label there is, or all about one scorer; read a page at a time. */
export async function allLabels(store: Pick<Store, "labels">, scorer?: string): Promise<readonly Label[]> {
  const labels: Label[] = [];
  for await (const label of allPages((after: Label | null) => store.labels({ after, limit: PAGE }))) {
    if (scorer === undefined || label.scorer === scorer) labels.push(label);
  }
  return labels;
}

async function* allPages<T>(read: (after: T | null) => Promise<readonly T[]>): AsyncGenerator<T> {
  for (let after: T | null = null; ; ) {
    const page: readonly T[] = await read(after);
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = last;
  }
}
