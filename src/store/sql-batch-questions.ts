import { randomUUID } from "node:crypto";

import type {
  Batch,
  BatchQuestion,
  BatchQuestionState,
  BatchQuestions,
  BatchSize,
  SentQuestion,
  SettledQuestion,
  WaitingLane,
} from "../core/batch-questions.ts";
import {
  askedLive,
  countQuestions,
  forgetSomeOverdue,
  isLeft,
  leaveForBatch,
  waitingLanes,
} from "./batch-questions.ts";
import {
  batchEnded,
  batchQuestions,
  batchSent,
  claimBatches,
  closeSome,
  countUnderWay,
  formBatch,
  lookAgain,
  providerIds,
} from "./batches.ts";
import { dropSomeLate } from "./drop-late.ts";
import type { Engine } from "./operation.ts";
import { settleQuestions } from "./settle-questions.ts";

/** Questions in one transaction where there may be any number, so that other writers get their turn. */
const AT_ONCE = 500;

/** {@link BatchQuestions} on SQLite or PostgreSQL: says in which transaction each operation runs. */
export class SqlBatchQuestions implements BatchQuestions {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  leaveForBatch(question: BatchQuestion): Promise<BatchQuestionState> {
    const token = randomUUID();
    return this.#engine.write(() => leaveForBatch(question, token));
  }

  isLeft(key: string): Promise<boolean> {
    return this.#engine.read(() => isLeft(key));
  }

  askedLive(key: string): Promise<void> {
    return this.#engine.write(() => askedLive(key), { survives: "kill" });
  }

  waitingLanes(): Promise<readonly WaitingLane[]> {
    return this.#engine.read(() => waitingLanes());
  }

  formBatch(
    lane: string,
    batch: { readonly id: string; readonly at: number; readonly until: number } & BatchSize,
  ): Promise<Batch | null> {
    // One at a time, or the second would find nothing while the first holds more than it takes.
    return this.#engine.write(() => formBatch(lane, batch), { lock: [`batches of ${lane}`] });
  }

  async dropLate(
    lane: string,
    times: { readonly deadline: number; readonly at: number; readonly due: number },
  ): Promise<number> {
    const some = { ...times, id: randomUUID(), limit: AT_ONCE };
    // Nobody forms a batch of them meanwhile.
    const lock = [`batches of ${lane}`];
    return total(() => this.#engine.write(() => dropSomeLate(lane, some), { lock }));
  }

  batchQuestions(id: string): Promise<readonly SentQuestion[]> {
    return this.#engine.read(() => batchQuestions(id));
  }

  batchSent(id: string, providerId: string, due: number): Promise<void> {
    return this.#engine.write(() => batchSent(id, providerId, due));
  }

  claimBatches(
    now: number,
    lease: { readonly until: number; readonly limit: number },
  ): Promise<readonly Batch[]> {
    return this.#engine.write(() => claimBatches(now, lease), { survives: "kill" });
  }

  lookAgain(id: string, due: number): Promise<void> {
    return this.#engine.write(() => lookAgain(id, due), { survives: "kill" });
  }

  knownBatches(): Promise<ReadonlySet<string>> {
    return this.#engine.read(() => providerIds());
  }

  settleQuestions(
    batchId: string,
    results: readonly SettledQuestion[],
    at: number,
  ): Promise<ReadonlySet<string>> {
    return this.#engine.write(() => settleQuestions(batchId, results, at));
  }

  batchEnded(id: string, due: number): Promise<void> {
    return this.#engine.write(() => batchEnded(id, due));
  }

  async closeBatch(id: string, at: number): Promise<void> {
    while (!(await this.#engine.write(() => closeSome(id, at, AT_ONCE))));
  }

  forgetOverdue(deadlines: { readonly waiting: number; readonly live: number }): Promise<number> {
    return total(() => this.#engine.write(() => forgetSomeOverdue(deadlines, AT_ONCE)));
  }

  batchCounts(): Promise<{ readonly waiting: number; readonly sent: number; readonly batches: number }> {
    return this.#engine.snapshot(function* () {
      return { ...(yield* countQuestions()), batches: yield* countUnderWay() };
    });
  }
}

/** Does something until fewer are left than are done at once. */
async function total(doSome: () => Promise<number>): Promise<number> {
  for (let sum = 0; ; ) {
    const some = await doSome();
    sum += some;
    if (some < AT_ONCE) return sum;
  }
}
