import type { Case, Review } from "../core/case.ts";

/** Who decides, when and why. */
export interface Reviewer {
  readonly by?: string;
  /** Unix ms. */
  readonly at: number;
  readonly note?: string;
}

/** What a reviewer may change. */
export interface CaseEdit {
  readonly input?: Case["input"];
  /** Names of the scorers that must pass. */
  readonly mustPass?: readonly string[];
  readonly expected?: NonNullable<Case["expected"]> | null;
  readonly tags?: readonly string[];
}

/** The case as accepted: from now on the gate tries it. */
export function acceptCase(one: Case, reviewer: Reviewer): Case {
  return { ...one, review: reviewBy("accepted", reviewer) };
}

/** The case as rejected: not a failure, or not worth trying again. It stays in the file, so that it is not harvested anew. */
export function rejectCase(one: Case, reviewer: Reviewer): Case {
  return { ...one, review: reviewBy("rejected", reviewer) };
}

/** The case taken out of use. */
export function retireCase(one: Case, reviewer: Reviewer): Case {
  return { ...one, review: reviewBy("retired", reviewer) };
}

/**
 * The case with another input, expectation or list of scorers. Its id stays, so that it is not harvested
 * anew; its history starts anew, because the comparability key changes with it.
 */
export function editCase(one: Case, edit: CaseEdit): Case {
  return { ...one, ...edit };
}

function reviewBy(decision: Review["decision"], { by, at, note }: Reviewer): Review {
  return {
    decision,
    ...(by === undefined ? {} : { by }),
    at: new Date(at).toISOString(),
    ...(note === undefined ? {} : { note }),
  };
}
