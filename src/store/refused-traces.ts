import { tombstoneKey } from "../core/ids.ts";
import { numberIn, textIn } from "./columns.ts";
import type { StateDatabase } from "./state-database.ts";

/**
 * The `refused_trace` table: purged traces, of which no span is taken for a while. Another process may purge while this
 * one collects, so the table is looked at again whenever another one has written to the file, which costs microseconds.
 */
export class RefusedTraces {
  /** Unix ms until which nothing is taken, by key. */
  readonly #until = new Map<string, number>();
  #lastSeq = 0;
  #seenVersion = 0;
  readonly #dataVersion;
  readonly #select;
  readonly #insert;
  readonly #deleteEnded;

  constructor(database: StateDatabase) {
    this.#dataVersion = database.prepare("pragma data_version");
    this.#select = database.prepare("select seq, key, until from refused_trace where seq > ? order by seq");
    this.#insert = database.prepare("insert or replace into refused_trace (key, until) values (?, ?)");
    this.#deleteEnded = database.prepare("delete from refused_trace where until < ?");
  }

  /** Inside a transaction: learns what other processes have purged. True when there is something new. */
  follow(): boolean {
    const version = numberIn(this.#dataVersion.get(), "data_version");
    if (version === this.#seenVersion) return false;
    this.#seenVersion = version;
    return this.#read();
  }

  /** Reads the table again. */
  reload(): void {
    this.#until.clear();
    this.#lastSeq = 0;
    this.#read();
  }

  refuse(traceId: string, until: number): void {
    this.#insert.run(tombstoneKey(traceId), Math.floor(until));
  }

  /** True while nothing of the trace is to be taken. */
  has(traceId: string, now: number): boolean {
    if (this.#until.size === 0) return false;
    return (this.#until.get(tombstoneKey(traceId)) ?? Number.NEGATIVE_INFINITY) >= now;
  }

  /** Lets go of what has ended. */
  forget(now: number): void {
    if (this.#until.size === 0) return;
    this.#deleteEnded.run(Math.floor(now));
    for (const [key, until] of this.#until) if (until < now) this.#until.delete(key);
  }

  #read(): boolean {
    const rows = this.#select.all(this.#lastSeq);
    for (const row of rows) {
      this.#until.set(textIn(row, "key"), numberIn(row, "until"));
      this.#lastSeq = numberIn(row, "seq");
    }
    return rows.length > 0;
  }
}
