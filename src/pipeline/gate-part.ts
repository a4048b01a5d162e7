import { contentHash } from "../core/ids.ts";

/** One part of a run that is spread over several processes. */
export interface Share {
  /** 1 to `of`. */
  readonly index: number;
  readonly of: number;
}

/** The part that tries a case, 1 to `of`: by a hash of its id, so that it stays there when cases come and go. */
export function partOf(caseId: string, of: number): number {
  return (Number.parseInt(contentHash(caseId, 8), 16) % of) + 1;
}
