import { contentHash } from "../core/ids.ts";

/** One part of a run that is spread over several processes. */
export interface Share {
  /** 1 to `of`. */
  readonly index: number;
  readonly of: number;
}

/** A part as people write it, `2/5`; null when it is none. */
export function readShare(text: string): Share | null {
  const [, index = 0, of = 0] = (/^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []).map(Number);
  return index >= 1 && index <= of ? { index, of } : null;
}

/** The part that tries a case, 1 to `of`: by a hash of its id, so that it stays there when cases come and go. */
export function partOf(caseId: string, of: number): number {
  return (Number.parseInt(contentHash(caseId, 8), 16) % of) + 1;
}
