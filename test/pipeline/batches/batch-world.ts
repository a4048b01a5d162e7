import { expect } from "vitest";

import { type Answer, isAnswer, type Judge, type NoAnswer, type Question } from "../../../src/core/judge.ts";
import { type AskInBatchesOptions, askInBatches } from "../../../src/pipeline/batches/ask-in-batches.ts";
import { batchLanes } from "../../../src/pipeline/batches/batch-lanes.ts";
import { startBatches } from "../../../src/pipeline/batches/batch-loop.ts";
import type { BatchTools } from "../../../src/pipeline/batches/batch-tools.ts";
import { rememberAnswers } from "../../../src/pipeline/remember-answers.ts";
import type { Repeating } from "../../../src/pipeline/repeat.ts";
import { openDatabase } from "../../../src/store/open-database.ts";
import { SqliteStore } from "../../../src/store/sqlite-store.ts";
import type { StateDatabase } from "../../../src/store/state-database.ts";
import { temporaryFolder } from "../../store/temporary-folder.ts";
import { DAY_MS, FakeProvider } from "./fake-provider.ts";

export const NOON = Date.parse("2026-11-20T12:00:00Z");
/** A question waits so long for others. */
export const GATHER_MS = 60_000;
export const NEVER = new AbortController().signal;

/** A store, a provider that takes batches, and processes that send and collect them, on a clock that is moved by hand. */
export class BatchWorld {
  readonly clock = { time: NOON, now: (): number => this.clock.time };
  readonly faults: string[] = [];
  /** Rounds that loops have begun. */
  seen = 0;
  readonly store: SqliteStore;
  provider = new FakeProvider();
  readonly #folder = temporaryFolder();
  readonly #databases: StateDatabase[] = [];
  readonly #loops: Repeating[] = [];

  constructor() {
    this.store = this.newStore();
  }

  /** Another process's way to the store. */
  newStore(): SqliteStore {
    const database = openDatabase(this.#folder.path);
    this.#databases.push(database);
    return new SqliteStore(database);
  }

  async end(): Promise<void> {
    await Promise.all(this.#loops.map((loop) => loop.stop()));
    for (const database of this.#databases) database.close();
    this.#folder.remove();
  }

  /** A judge as scorers have it. */
  asker(judge: Judge = this.provider.judge(), more: Partial<AskInBatchesOptions> = {}): Judge {
    const { store, clock } = this;
    return askInBatches(rememberAnswers(judge, store, clock), { store, clock, withinMs: DAY_MS, ...more });
  }

  /** Sends and collects until the world ends. */
  start(judges: readonly Judge[] = [this.provider.judge()], more: Partial<BatchTools> = {}): Repeating {
    const loop = this.startDying(judges, more);
    this.#loops.push(loop);
    return loop;
  }

  /** As `start` does; nobody waits for its end. */
  startDying(judges: readonly Judge[] = [this.provider.judge()], more: Partial<BatchTools> = {}): Repeating {
    const { store = this.store } = more;
    return startBatches({
      clock: this.clock,
      lanes: batchLanes(judges),
      gatherMs: GATHER_MS,
      lookMs: 1_000,
      everyMs: 1,
      onFault: (error) => this.faults.push(String(error)),
      ...more,
      store: this.#counting(store),
    });
  }

  /** Counts rounds: each ends by asking which lanes wait. */
  #counting(store: BatchTools["store"]): BatchTools["store"] {
    return new Proxy(store, {
      get: (target, name) => {
        if (name === "waitingLanes") this.seen += 1;
        const value: unknown = Reflect.get(target, name);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  }

  /** Lets time pass, step by step (ms), with rounds of whoever runs in between. */
  async pass(ms: number, step = 60_000): Promise<void> {
    const until = this.clock.time + ms;
    while (this.clock.time < until) {
      this.clock.time += step;
      await this.rounds();
    }
  }

  /** Three rounds of all loops: each begins by claiming batches that are due now. */
  async rounds(): Promise<void> {
    for (let round = 0; round < 3; round += 1) {
      const { seen } = this;
      await expect.poll(() => this.seen, { interval: 1 }).toBeGreaterThan(seen + 1);
    }
  }

  /** Looks again and again while time passes. */
  inTime<Seen>(look: () => Promise<Seen>) {
    return expect.poll(() => {
      this.clock.time += GATHER_MS;
      return look();
    });
  }

  /** The ledger has a scorer that waits for the answer about a trace. */
  async waits(number: number, retryAt: number, scorer = "resolved"): Promise<void> {
    const row = { revision: 1, scorer, version: "1", state: "waiting", code: "batched" } as const;
    await this.store.record([
      { subject: traceId(number), ...row, reason: null, attempts: 0, at: this.clock.time, retryAt },
    ]);
  }

  /** Traces whose turn it is. */
  async due(): Promise<readonly string[]> {
    const rows = await this.store.claimDue(this.clock.time, { limit: 10, leaseMs: 1 });
    return rows.map((one) => one.traceId).toSorted();
  }

  counts() {
    return this.store.batchCounts();
  }

  /** How many questions wait for a batch. */
  readonly waiting = async (): Promise<number> => (await this.counts()).waiting;
}

export const traceId = (number: number): string => number.toString(16).padStart(32, "0");

export function question(number = 1, more: Partial<Question> = {}): Question {
  return {
    scorer: "resolved",
    version: "1",
    instructions: "Was it done?",
    content: `record ${number}`,
    labels: ["yes", "no", "cannot_judge"],
    subject: traceId(number),
    ...more,
  };
}

export const codeOf = (result: Answer | NoAnswer): string =>
  isAnswer(result) ? result.label : result.unscored.code;

/** The label or the code that comes of asking. */
export const askedOf = async (judge: Judge, number = 1): Promise<string> =>
  codeOf(await judge.ask(question(number), NEVER));
