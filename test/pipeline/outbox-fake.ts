import type { OutboxRow } from "../../src/core/outbox.ts";
import type { Sink } from "../../src/core/sink.ts";
import type { StoredTrace } from "../../src/core/store.ts";
import type { DeliveryOptions } from "../../src/pipeline/deliver.ts";
import { storedTrace } from "../contracts/stored-trace.ts";

interface FakeRow extends Omit<OutboxRow, "leaseUntil"> {
  attempts: number;
  leaseUntil: number | null;
  due: number;
  state: "waiting" | "delivered" | "failed";
  reason: string | null;
}

/** An outbox in memory. `fault` makes every call of the store throw while it is set. */
export class FakeOutbox {
  readonly rows: FakeRow[] = [];
  readonly traces = new Map<string, StoredTrace>();
  fault: Error | null = null;
  looks = 0;

  /** Saves a trace and its rows, as `saveScored` does. */
  save(number: number, sinks: readonly string[], revision = 1): void {
    const trace = storedTrace(number, { revision });
    this.traces.set(trace.summary.traceId, trace);
    for (const sink of sinks) {
      const { traceId } = trace.summary;
      const id = this.rows.length + 1;
      const row = { id, sink, traceId, revision, attempts: 0, lease: 0, edition: 0, leaseUntil: null };
      this.rows.push({ ...row, due: 0, state: "waiting", reason: null });
    }
  }

  readonly store: DeliveryOptions["store"] = {
    outbox: async (now, limit, { leaseMs, sink, otherThan }) => {
      this.looks += 1;
      this.#check();
      const isLeased = (row: FakeRow) => row.leaseUntil !== null && row.leaseUntil > now;
      const leased: OutboxRow[] = [];
      for (const row of this.rows) {
        if (leased.length === limit) break;
        if (row.state !== "waiting" || row.due > now || (sink ?? row.sink) !== row.sink) continue;
        if (otherThan?.includes(row.sink)) continue;
        const same = this.rows.filter((one) => one.traceId === row.traceId && one.sink === row.sink);
        if (same.some(isLeased)) continue;
        row.leaseUntil = now + leaseMs;
        const { id, traceId, revision, attempts, lease, edition, leaseUntil } = row;
        leased.push({ id, sink: row.sink, traceId, revision, attempts, lease, edition, leaseUntil });
      }
      return leased;
    },
    contentOf: async (row) => {
      this.#check();
      return { row, trace: this.traces.get(row.traceId) ?? null };
    },
    delivered: async (rows) => {
      this.#check();
      for (const { id } of rows) Object.assign(this.#row(id), { state: "delivered", leaseUntil: null });
    },
    deliveryFailed: async ({ id }, reason, _at, retryAt) => {
      this.#check();
      const row = this.#row(id);
      row.attempts += 1;
      row.leaseUntil = null;
      row.reason = reason;
      if (retryAt === null) row.state = "failed";
      else row.due = retryAt;
    },
    releaseDeliveries: async () => {
      for (const row of this.rows) row.leaseUntil = null;
    },
  };

  states(): string[] {
    return this.rows.map((row) => row.state);
  }

  #row(id: number): FakeRow {
    const row = this.rows.find((candidate) => candidate.id === id);
    if (row === undefined) throw new Error(`no row ${id}`);
    return row;
  }

  #check(): void {
    if (this.fault) throw this.fault;
  }
}

/** A sink that remembers what was written and does what `behave` says first. */
export class FakeSink implements Sink {
  readonly name: string;
  readonly written: string[] = [];
  behave: (trace: StoredTrace, signal: AbortSignal) => Promise<void> = async () => {};
  underWay = 0;
  mostUnderWay = 0;

  constructor(name: string) {
    this.name = name;
  }

  async write(traces: readonly StoredTrace[], signal: AbortSignal): Promise<void> {
    this.underWay += 1;
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
    try {
      for (const trace of traces) {
        await this.behave(trace, signal);
        this.written.push(`${Number.parseInt(trace.summary.traceId, 16)}-${trace.summary.revision}`);
      }
    } finally {
      this.underWay -= 1;
    }
  }

  async close(): Promise<void> {}
}

/** Resolves once the condition holds; asks again at every turn of the loop. */
export async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error("The condition never came to hold.");
    await new Promise((resolve) => setImmediate(resolve));
  }
}
