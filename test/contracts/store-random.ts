import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { Answer } from "../../src/core/judge.ts";
import type { OutboxRow } from "../../src/core/outbox.ts";
import type { Store } from "../../src/core/store.ts";
import { type StorePlace, scoredTrace, scoreOf } from "./store.ts";

const LEASE_MS = 100;
const ANSWER: Answer = { label: "yes", rationale: "", evidence: [], model: "m", usage: {} };

const step = fc.record({
  worker: fc.nat(2),
  what: fc.constantFrom("begin", "begin", "end", "crash", "time passes", "save"),
  which: fc.nat(2),
});
type RandomStep = typeof step extends fc.Arbitrary<infer Step> ? Step : never;
const interleaving = fc.array(step, { minLength: 10, maxLength: 60 });

interface Worker {
  holder: string;
  readonly store: Store;
  readonly asking: Set<string>;
  readonly delivering: OutboxRow[];
}

/** Three workers on one place, how they die and how the time passes. */
class World {
  now = 1_000;
  readonly workers: Worker[];
  /** By question: calls made, of these told to be in doubt, and those under way when their worker died. */
  readonly calls = new Map<string, { paid: number; doubted: number; died: number }>();
  /** By trace, revision and edition: how often it was sent; and sent without an acknowledgement. */
  readonly sent = new Map<string, { sent: number; died: number }>();
  #starts = 0;
  #saved = 0;

  constructor(stores: readonly Store[]) {
    this.workers = stores.map((store) => ({
      store,
      holder: `worker ${++this.#starts}`,
      asking: new Set(),
      delivering: [],
    }));
  }

  async take({ worker: number, what, which }: RandomStep): Promise<void> {
    const worker = this.workers[number];
    if (worker === undefined) throw new Error("three workers");
    if (what === "begin") await Promise.all([this.#ask(worker, `q${which}`), this.#lease(worker)]);
    else if (what === "end") await Promise.all([this.#answer(worker, `q${which}`), this.deliver(worker)]);
    else if (what === "crash") this.#crash(worker);
    else if (what === "save") await this.#save(worker, which);
    else await this.passTime(60);
  }

  /** Living workers renew what they hold; a delivery that takes too long is as good as dead. */
  async passTime(ms: number): Promise<void> {
    this.now += ms;
    for (const { store, holder } of this.workers) await store.renewAnswers(holder, this.now + LEASE_MS);
  }

  async deliver(worker: Worker): Promise<void> {
    for (let row = worker.delivering.shift(); row; row = worker.delivering.shift()) {
      const edition = `${row.traceId} ${row.revision} ${row.edition}`;
      const count = this.sent.get(edition) ?? { sent: 0, died: 0 };
      this.sent.set(edition, {
        sent: count.sent + 1,
        died: count.died + (row.leaseUntil < this.now ? 1 : 0),
      });
      await worker.store.delivered([row], this.now);
    }
  }

  async #ask(worker: Worker, key: string): Promise<void> {
    if (worker.asking.has(key)) return;
    const { holder, store } = worker;
    const claim = { holder, now: this.now, leaseMs: LEASE_MS, scorer: "judged", subject: null };
    const begun = await store.beginAnswer(key, claim);
    if (begun.state !== "claimed") return;
    worker.asking.add(key);
    const { paid = 0, doubted = 0, died = 0 } = this.calls.get(key) ?? {};
    this.calls.set(key, { paid: paid + 1, doubted: doubted + (begun.inDoubt ? 1 : 0), died });
  }

  async #answer({ asking, store, holder }: Worker, key: string): Promise<void> {
    if (asking.delete(key)) await store.settle(key, ANSWER, { holder, at: this.now });
  }

  async #lease(worker: Worker): Promise<void> {
    const { holder, store } = worker;
    worker.delivering.push(...(await store.outbox(this.now, 2, { holder, leaseMs: LEASE_MS })));
  }

  /** The end of a process: what it holds is neither settled nor given back; what it sent may have arrived. */
  #crash(worker: Worker): void {
    for (const key of worker.asking) {
      const count = this.calls.get(key);
      if (count) count.died += 1;
    }
    for (const row of worker.delivering) {
      const edition = `${row.traceId} ${row.revision} ${row.edition}`;
      const count = this.sent.get(edition) ?? { sent: 0, died: 0 };
      this.sent.set(edition, { sent: count.sent + 1, died: count.died + 1 });
    }
    worker.asking.clear();
    worker.delivering.length = 0;
    worker.holder = `worker ${++this.#starts}`;
  }

  async #save({ store }: Worker, which: number): Promise<void> {
    const traceId = which.toString(16).padStart(32, "0");
    const value = (++this.#saved % 100) / 100;
    await store.saveScored(scoredTrace(traceId, 1, [scoreOf("calm", value)], { scoredAt: this.now }));
  }
}

/** What holds for a {@link Store} in any order of events, with processes that die at any moment. */
export function randomStoreContract(name: string, newPlace: () => Promise<StorePlace>, runs: number): void {
  describe(`${name}, with workers that die at any moment`, () => {
    it("pays a question again, and sends content again, only after a death in the middle of it", async () => {
      await fc.assert(
        fc.asyncProperty(interleaving, async (steps) => {
          const place = await newPlace();
          try {
            const stores = [await place.open(), await place.open(), await place.open()];
            const world = new World(stores);
            for (const each of steps) await world.take(each);
            await drain(world);
            for (const { paid, doubted, died } of world.calls.values()) {
              expect(paid).toBeLessThanOrEqual(1 + died);
              expect(doubted).toBe(paid - 1);
            }
            for (const { sent, died } of world.sent.values()) expect(sent).toBeLessThanOrEqual(1 + died);
            expect(await stores[0]?.waiting()).toEqual({ deliveries: 0, retries: 0 });
          } finally {
            await place.remove();
          }
        }),
        { seed: 20_261_120, numRuns: runs },
      );
    });
  });
}

/** Everybody lives on until nothing is left to be delivered. */
async function drain(world: World): Promise<void> {
  for (const worker of world.workers) await world.deliver(worker);
  await world.passTime(2 * LEASE_MS);
  for (const worker of world.workers) {
    for (;;) {
      const { holder, store } = worker;
      const rows = await store.outbox(world.now, 9, { holder, leaseMs: LEASE_MS });
      if (rows.length === 0) break;
      worker.delivering.push(...rows);
      await world.deliver(worker);
    }
  }
}
