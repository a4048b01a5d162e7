import { once } from "node:events";

/** How results are printed. */
export type Format = "table" | "json" | "jsonl";

/** The choices of `--format`. */
export const FORMATS: readonly Format[] = ["table", "json", "jsonl"];

/** Writes to stdout and waits for a slow reader, so that large results neither fill memory nor get lost. */
export async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, "drain");
}

/** One line on stdout. */
export function writeLine(text: string): Promise<void> {
  return write(`${text}\n`);
}

/** One line on stderr: what a person should know and a pipe should not get. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Records as they come, in a machine format: `json` is one array, `jsonl` one line each. */
export function recordWriter(format: "json" | "jsonl"): {
  write(record: unknown): Promise<void>;
  end(): Promise<void>;
} {
  let first = true;
  return {
    async write(record) {
      const text = JSON.stringify(record);
      await write(format === "jsonl" ? `${text}\n` : `${first ? "[" : ","}\n${text}`);
      first = false;
    },
    async end() {
      if (format === "json") await write(first ? "[]\n" : "\n]\n");
    },
  };
}
