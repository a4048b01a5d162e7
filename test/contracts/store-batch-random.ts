import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Batch, SettledQuestion } from "../../src/core/batch-questions.ts";
import type { Answer, NoAnswer } from "../../src/core/judge.ts";
import type { Store } from "../../src/core/store.ts";
import type { StorePlace } from "./store.ts";
import { batchQuestion, LANE, RESERVED, waitingRow } from "./store-batch-questions.ts";

const LEASE_MS = 100;
/** A {@link batchQuestion} has so long. */
const WITHIN_MS = 86_400_000;
const BACK = { usd: -RESERVED.usd, tokens: -RESERVED.tokens };
/** Nobody's next try comes earlier by itself. */
const FAR = 1e12;

const step = fc.record({
  worker: fc.nat(1),
  what: fc.constantFrom(
    "ask",
    "ask",
    "form",
    "send",
    "claim",
    "claim",
    "settle",
    "close",
    "drop late",
    "crash",
    "time passes",
  ),
  which: fc.nat(5),
  result: fc.constantFrom("answer", "answer", "again", "live"),
});
type RandomStep = typeof step extends fc.Arbitrary<infer Step> ? Step : never;
const interleaving = fc.array(step, { minLength: 20, maxLength: 80 });

interface Worker {
  readonly store: Store;
  held: Batch[];
}

const subjectOf = (which: number) => which.toString(16).padStart(32, "0");

/** Two workers on one place that form, send, collect and close batches, and die. */
class World {
  now = 1_000;
  readonly workers: Worker[];
  /** Answers given for a question, in the order in which they were brought. */
  readonly given = new Map<string, string[]>();
  readonly asked = new Set<number>();
  readonly remembered = new Map<number, Answer | NoAnswer>();
  /** Answers of batches that counted, each of which has cost a quarter. */
  paid = 0;
  /** Questions whose batch was closed without a result: nobody knows what they cost. */
  unknown = 0;
  #batches = 0;
  #answers = 0;

  constructor(stores: readonly Store[]) {
    this.workers = stores.map((store) => ({ store, held: [] }));
  }

  async take({ worker: number, what, which, result }: RandomStep): Promise<void> {
    const worker = this.workers[number];
    if (worker === undefined) throw new Error("two workers");
    if (what === "ask") await this.ask(worker, which);
    else if (what === "form") await this.#form(worker, which);
    else if (what === "send") await this.#send(worker);
    else if (what === "claim") await this.claim(worker);
    else if (what === "settle") await this.settle(worker, result, which);
    else if (what === "close") await this.#close(worker);
    else if (what === "drop late") await this.#dropLate(worker);
    else if (what === "crash") worker.held = [];
    else this.now += 60;
  }

  /** As a scorer does: it asks, or notes that it waits. */
  async ask({ store }: Worker, which: number): Promise<void> {
    const [key, subject] = [`q${which}`, subjectOf(which)];
    this.asked.add(which);
    if ((await store.knownAnswer(key, subject)) !== null) return this.#note(store, which, "scored");
    await store.reserveSpend({ ...RESERVED, purses: new Map([["all", {}]]) });
    const state = await store.leaveForBatch(
      batchQuestion(key, { at: this.now, subject, reserved: RESERVED }),
    );
    if (state.state !== "added") await store.settleSpend(RESERVED.day, ["all"], BACK);
    if (state.state !== "live") return this.#note(store, which, "waiting");
    this.#give(key, "live");
    await store.beginAnswer(key, { holder: "live", leaseMs: 1, now: this.now, scorer: "judged", subject });
    await store.settle(key, answer("live"), { holder: "live", at: this.now });
    await store.askedLive(key);
    await this.#note(store, which, "scored");
  }

  async claim({ store, held }: Worker): Promise<void> {
    held.push(...(await store.claimBatches(this.now, { until: this.now + LEASE_MS, limit: 2 })));
  }

  /** Results for all of the oldest batch, or all but the first. */
  async settle({ store, held }: Worker, result: RandomStep["result"], which: number): Promise<void> {
    const [batch] = held;
    if (batch === undefined) return;
    const questions = await store.batchQuestions(batch.id);
    const results = questions.slice(which % 2).map(({ key }): SettledQuestion => {
      if (result === "live") return { key, result, spent: { usd: 0, tokens: 0 } };
      if (result === "again") return { key, result };
      const label = `answer ${++this.#answers}`;
      this.#give(key, label);
      return { key, result: answer(label), spent: { usd: 0.25, tokens: 50 } };
    });
    const counting = await store.settleQuestions(batch.id, results, this.now);
    if (result === "answer") this.paid += counting.size;
  }

  /** What was asked some time ago is too late for any batch. */
  async #dropLate({ store }: Worker): Promise<void> {
    const deadline = this.now + WITHIN_MS - LEASE_MS;
    await store.dropLate(LANE, { deadline, at: this.now, due: this.now + LEASE_MS });
  }

  async #close({ store, held }: Worker): Promise<void> {
    const batch = held.shift();
    if (batch === undefined) return;
    this.unknown += (await store.batchQuestions(batch.id)).length;
    await store.closeBatch(batch.id, this.now);
  }

  async #form({ store, held }: Worker, which: number): Promise<void> {
    const id = `b${++this.#batches}`;
    const size = { maxQuestions: 1 + (which % 3), maxBytes: 1_000_000 };
    const batch = await store.formBatch(LANE, { id, at: this.now, until: this.now + LEASE_MS, ...size });
    if (batch !== null) held.push(batch);
  }

  async #send({ store, held }: Worker): Promise<void> {
    const [batch] = held;
    if (batch !== undefined) await store.batchSent(batch.id, `p ${batch.id}`, this.now);
  }

  #give(key: string, label: string): void {
    this.given.set(key, [...(this.given.get(key) ?? []), label]);
  }

  async #note(store: Store, which: number, state: "waiting" | "scored"): Promise<void> {
    const code = state === "waiting" ? "batched" : null;
    await store.record([
      waitingRow(subjectOf(which), { state, code, retryAt: state === "waiting" ? FAR : null }),
    ]);
  }
}

function answer(label: string): Answer {
  return { label, rationale: "", evidence: [], model: "m", usage: {} };
}

/** What holds for questions in batches in any order of events. */
export function randomBatchQuestionsContract(
  name: string,
  newPlace: () => Promise<StorePlace>,
  runs: number,
): void {
  describe(`${name}, with batches and workers that die at any moment`, () => {
    it("keeps the first answer of a question, wakes all who wait, counts what was paid, and leaves nothing behind", async () => {
      await fc.assert(
        fc.asyncProperty(interleaving, async (steps) => {
          const place = await newPlace();
          try {
            const world = new World([await place.open(), await place.open()]);
            for (const each of steps) {
              await world.take(each);
              await nothingIsTakenBack(world);
            }
            await drain(world);
            const { batch_question, batch_question_text, batch } = await place.rows();
            expect({ batch_question, batch_question_text, batch }).toEqual({
              batch_question: 0,
              batch_question_text: 0,
              batch: 0,
            });
          } finally {
            await place.remove();
          }
        }),
        { seed: 20_261_120, numRuns: runs },
      );
    });
  });
}

/** What is remembered once stays, and every question is counted once. */
async function nothingIsTakenBack({ workers, asked, remembered }: World): Promise<void> {
  const [one, two] = workers;
  if (one === undefined || two === undefined) throw new Error("two workers");
  const { waiting, sent } = await one.store.batchCounts();
  const lanes = await two.store.waitingLanes();
  expect(lanes.reduce((sum, { questions }) => sum + questions, 0)).toBe(waiting);
  expect(waiting + sent).toBeLessThanOrEqual(asked.size);
  for (const which of asked) {
    const found = await two.store.knownAnswer(`q${which}`, subjectOf(which));
    const before = remembered.get(which);
    if (before !== undefined) expect(found).toEqual(before);
    else if (found !== null) remembered.set(which, found);
  }
}

/** Everybody lives on: batches are answered and closed, and whoever is woken asks again, until nothing is left. */
async function drain(world: World): Promise<void> {
  const [worker] = world.workers;
  if (worker === undefined) throw new Error("two workers");
  const { store } = worker;
  for (let round = 0; round < 3; round += 1) {
    world.now += 2 * LEASE_MS;
    const size = { maxQuestions: 9, maxBytes: 1_000_000 };
    await store.formBatch(LANE, { id: `last ${round}`, at: world.now, until: world.now, ...size });
    worker.held = [];
    await world.claim(worker);
    while (worker.held.length > 0) {
      await world.settle(worker, "answer", 0);
      await world.take({ worker: 0, what: "close", which: 0, result: "answer" });
      if (worker.held.length === 0) await world.claim(worker);
    }
    for (const { traceId } of await store.claimDue(world.now, { limit: 9, leaseMs: FAR })) {
      await world.ask(worker, Number.parseInt(traceId, 16));
    }
  }
  expect(await store.batchCounts()).toEqual({ waiting: 0, sent: 0, batches: 0 });
  expect(await store.waiting()).toMatchObject({ retries: 0 });
  const purses = new Map([["all", { usd: 0 }]]);
  const refusal = await store.reserveSpend({ ...RESERVED, purses, usd: 1 });
  expect(refusal?.spent).toBe(0.25 * world.paid + RESERVED.usd * world.unknown);
  for (const which of world.asked) {
    const found = await store.knownAnswer(`q${which}`, subjectOf(which));
    const labels = world.given.get(`q${which}`) ?? [];
    expect(found !== null && "label" in found && labels.includes(found.label)).toBe(true);
  }
}
