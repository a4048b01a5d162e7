import { type FileHandle, mkdir, open, rm } from "node:fs/promises";
import { dirname } from "node:path";

import type { Clock } from "../core/clock.ts";
import { messageOf, TracegateError } from "../core/errors.ts";
import type { Result, Spending } from "../core/run.ts";
import type { RunSetting } from "../core/verdict.ts";

/** Longest time between the end of a trial and its bytes on the disk, ms; the operating system has them at once. */
const SYNC_MS = 500;

const ENDS_OF_LINES: { readonly [mark: string]: string } = { "\u2028": "\\u2028", "\u2029": "\\u2029" };

/** What a journal is about. */
export interface JournalHead {
  readonly v: 1;
  readonly setting: RunSetting;
  /** Files that differ from the commit, by path, with a hash of their content. */
  readonly changes: { readonly [path: string]: string };
}

/** What a journal holds. */
export interface JournalContent {
  readonly head: JournalHead;
  /** In the order in which they ended; those of a later session after those of an earlier one. */
  readonly results: readonly Result[];
  /** What main's trials cost that were made beside them. */
  readonly beside: readonly Spending[];
  /** Unix ms. */
  readonly startedAt: number;
  /** Time in which trials were made, sessions added up, ms. */
  readonly ms: number;
}

/**
 * The trials of one gate run as JSON lines: what a killed process had finished. A line is with the operating system at once, and on the
 * disk within a second.
 *
 * Lines: `{kind: "begun", at, head}`, `{kind: "trial", at, result}`, `{kind: "beside", at, spent}`, `{kind: "resumed", at}`.
 */
export class TrialJournal {
  readonly path: string;
  readonly #file: FileHandle;
  readonly #clock: Clock;
  #waiting: string[] = [];
  #writing: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #syncing: Promise<void> = Promise.resolve();
  #failure: unknown = null;

  private constructor(path: string, file: FileHandle, clock: Clock) {
    this.path = path;
    this.#file = file;
    this.#clock = clock;
  }

  /** A new journal; one that lies there is replaced. Only its owner may read it: it holds whole traces. */
  static async begin(path: string, head: JournalHead, clock: Clock): Promise<TrialJournal> {
    await mkdir(dirname(path), { recursive: true });
    const journal = new TrialJournal(path, await open(path, "w", 0o600), clock);
    await journal.#write({ kind: "begun", at: clock.now(), head });
    return journal;
  }

  /** Goes on after a journal's end; the empty line ends one that a kill cut off. */
  static async resume(path: string, clock: Clock): Promise<TrialJournal> {
    const journal = new TrialJournal(path, await open(path, "a"), clock);
    await journal.#file.appendFile("\n");
    await journal.#write({ kind: "resumed", at: clock.now() });
    return journal;
  }

  /**
   * Resolves when the operating system has the trial.
   *
   * @throws TracegateError `unavailable` when it cannot be written, e.g. on a full disk.
   */
  add(result: Result): Promise<void> {
    return this.#write({ kind: "trial", at: this.#clock.now(), result });
  }

  /** Main's trials before a block are made again when a run goes on; what they cost is not forgotten. */
  addBeside({ spent }: Result): Promise<void> {
    return this.#write({ kind: "beside", at: this.#clock.now(), spent });
  }

  /** Brings all to the disk. */
  async close(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    await this.#writing;
    await this.#syncing;
    await this.#file.datasync();
    await this.#file.close();
  }

  /** Closes it and takes it away. */
  async remove(): Promise<void> {
    await this.close();
    await rm(this.path, { force: true });
  }

  async #write(line: object): Promise<void> {
    if (this.#failure !== null) throw this.#unwritable(this.#failure);
    // Readers of lines take U+2028 and U+2029 for ends of lines, too; both stand in texts only.
    const text = JSON.stringify(line).replace(/[\u2028\u2029]/g, (mark) => ENDS_OF_LINES[mark] ?? "");
    this.#waiting.push(`${text}\n`);
    try {
      while (this.#waiting.length > 0) {
        this.#writing ??= this.#flush();
        await this.#writing;
      }
      await this.#writing;
    } catch (cause) {
      this.#failure = cause;
      throw this.#unwritable(cause);
    }
    this.#timer ??= setTimeout(() => this.#sync(), SYNC_MS);
  }

  /** What has gathered while the last write was under way goes out as one. */
  async #flush(): Promise<void> {
    const text = this.#waiting.join("");
    this.#waiting = [];
    try {
      await this.#file.appendFile(text);
    } finally {
      this.#writing = null;
    }
  }

  #sync(): void {
    this.#timer = null;
    this.#syncing = this.#file.datasync().catch((error: unknown) => {
      this.#failure = error;
    });
  }

  #unwritable(cause: unknown): TracegateError {
    const message = `${this.path} cannot be written: ${messageOf(cause)}. Make room, or name another folder as \`directory\` in the configuration.`;
    return new TracegateError("unavailable", message, { cause });
  }
}

/** What a journal holds; null when there is none, or none that this version can read. What a kill cut off is left out. */
export async function readJournal(path: string): Promise<JournalContent | null> {
  const file = await open(path, "r").catch(() => null);
  if (!file) return null;
  const results: Result[] = [];
  const beside: Spending[] = [];
  let head: JournalHead | null = null;
  let startedAt = 0;
  let ms = 0;
  const session = { from: 0, to: 0 };
  for await (const line of file.readLines()) {
    const entry = entryOf(line);
    if (!entry) continue;
    if (entry.kind === "trial") results.push(entry.result);
    else if (entry.kind === "beside") beside.push(entry.spent);
    else {
      ms += session.to - session.from;
      session.from = entry.at;
    }
    if (entry.kind === "begun") {
      head = entry.head;
      startedAt = entry.at;
    }
    session.to = entry.at;
  }
  return head && { head, results, beside, startedAt, ms: ms + session.to - session.from };
}

type Entry =
  | { readonly kind: "begun"; readonly at: number; readonly head: JournalHead }
  | { readonly kind: "trial"; readonly at: number; readonly result: Result }
  | { readonly kind: "beside"; readonly at: number; readonly spent: Spending }
  | { readonly kind: "resumed"; readonly at: number };

/** Only our own process writes here, so the shape of a trace is not checked again; what a kill cut off is no JSON. */
function entryOf(line: string): Entry | null {
  let entry: Entry | null;
  try {
    entry = JSON.parse(line);
  } catch {
    return null;
  }
  if (!entry || typeof entry.at !== "number") return null;
  if (entry.kind === "begun") return entry.head?.v === 1 && entry.head.setting ? entry : null;
  if (entry.kind === "trial") return typeof entry.result?.caseId === "string" ? entry : null;
  if (entry.kind === "beside") return typeof entry.spent?.usd === "number" ? entry : null;
  return entry.kind === "resumed" ? entry : null;
}
