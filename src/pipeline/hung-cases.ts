import type { Result } from "../core/run.ts";

/** Cases whose agent did not end in time, from which on a time-out is taken for what the agent does. */
const ENOUGH = 3;

/**
 * Where a time-out is tried again: a trial that hangs costs all of its time, so what has hung once (both times), or hangs in one case after the
 * other, is not given that time twice any more.
 */
export class HungCases {
  readonly #ids: Set<string>;

  constructor(results: readonly Result[] = []) {
    this.#ids = new Set(results.filter(hasHung).map(({ caseId }) => caseId));
  }

  /** For trials that go by it and add to it as they end. */
  watching(onResult: ((result: Result) => void | Promise<void>) | undefined) {
    return {
      onResult: (result: Result) => {
        if (hasHung(result)) this.#ids.add(result.caseId);
        return onResult?.(result);
      },
      isTimeGivenAgain: (caseId: string) => this.isTimeGivenAgain(caseId),
    };
  }

  isTimeGivenAgain(caseId: string): boolean {
    return this.#ids.size < ENOUGH && !this.#ids.has(caseId);
  }
}

function hasHung({ fault }: Result): boolean {
  return fault?.code === "agent-timed-out";
}
