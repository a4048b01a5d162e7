import { once } from "node:events";

/** How results are printed. */
export type Format = "table" | "json" | "jsonl";

/** The choices of `--format`. */
export const FORMATS: readonly Format[] = ["table", "json", "jsonl"];

/**
 * Writes to stdout and waits for a slow reader, so that large results neither fill memory nor get lost.
 * Throws what {@link isReaderGone} recognises when nobody reads any more.
 */
export async function write(text: string): Promise<void> {
  if (process.stdout.errored) throw process.stdout.errored;
  if (!process.stdout.write(text)) await once(process.stdout, "drain");
}

/**
 * Keeps a reader that leaves early (`| head`) from ending the process with a stack: what is printed
 * afterwards goes nowhere, on stderr, or ends the command, on stdout.
 */
export function surviveLeavingReaders(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
}

/** True for the fault of writing to a pipe whose reader has gone. */
export function isReaderGone(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EPIPE";
}

/** One line on stdout. */
export function writeLine(text: string): Promise<void> {
  return write(`${text}\n`);
}

/** One line on stderr: what a person should know and a pipe should not get. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Prints records as they come. */
export interface RecordWriter {
  write(record: unknown): Promise<void>;
  end(): Promise<void>;
}

/**
 * Records in a machine format: `jsonl` is one line each, `json` one array.
 *
 * @param single With `json`, a single record is printed as itself and not as an array of one.
 */
export function recordWriter(format: "json" | "jsonl", { single = false } = {}): RecordWriter {
  if (format === "jsonl")
    return { write: (record) => writeLine(JSON.stringify(record)), end: async () => {} };
  let held: string | undefined;
  let written = 0;
  const release = async (text: string) => {
    await write(`${written === 0 ? "[" : ","}\n${text}`);
    written += 1;
  };
  return {
    async write(record) {
      if (held !== undefined) await release(held);
      held = JSON.stringify(record);
    },
    async end() {
      if (held !== undefined && written === 0 && single) return writeLine(held);
      if (held !== undefined) await release(held);
      await write(written === 0 ? "[]\n" : "\n]\n");
    },
  };
}
