import type { Batch } from "../../core/batch-questions.ts";
import { TracegateError } from "../../core/errors.ts";
import type { BatchTools } from "./batch-tools.ts";
import { putBack, sentenceOf } from "./put-back.ts";

/** Other processes may have the judge: nobody is in a hurry. */
const LOOK_MS = 600_000;
/** A batch whose judge nobody has for so long is given up, ms. */
const GIVEN_UP_MS = 7 * 24 * 60 * 60_000;

/** Lanes of judges that this process has not, because they were removed or changed, or are another process's. */
export class UnknownLanes {
  readonly #tools: BatchTools;
  readonly #told = new Set<string>();

  constructor(tools: BatchTools) {
    this.#tools = tools;
  }

  /** Says so, once for each lane. */
  tell(lane: string): void {
    if (this.#told.has(lane)) return;
    this.#told.add(lane);
    const message = `Questions wait in batches of a judge that is not configured here (lane ${lane}). Whoever has it collects them; else each is asked at once when it is overdue, and batches are given up after a week.`;
    this.#tools.onFault(new TracegateError("not-found", message));
  }

  /** Leaves a batch to whoever has its judge, for a week. */
  async collect(batch: Batch): Promise<void> {
    const { store, clock, onFault } = this.#tools;
    const now = clock.now();
    if (now - batch.at < GIVEN_UP_MS) {
      this.tell(batch.lane);
      return store.lookAgain(batch.id, now + LOOK_MS);
    }
    const back = await putBack(batch, await store.batchQuestions(batch.id), { mayBePaid: true }, this.#tools);
    const name = batch.providerId ?? batch.id;
    const message = `Batch ${name} is given up: for a week nobody had its judge (lane ${batch.lane}). ${sentenceOf(back)} They may be paid twice.`;
    onFault(new TracegateError("not-found", message));
  }
}
