import { open } from "node:fs/promises";

import { messageOf, TracegateError } from "../../core/errors.ts";
import type { TraceSubject } from "../../render/html/trace-article.ts";
import { tracePage } from "../../render/html/trace-page.ts";
import { note, write } from "./output.ts";
import { plain } from "./plain.ts";

/**
 * Writes the page of some traces into a file (`-` is stdout), which is made when the first one is there. Only
 * its owner may read it: it holds what users said.
 *
 * @returns how many traces are on it.
 * @throws TracegateError `usage` when the file cannot be written
 */
export async function writeTracePage(traces: AsyncIterable<TraceSubject>, path: string): Promise<number> {
  let found = 0;
  async function* counting() {
    for await (const subject of traces) {
      found += 1;
      yield subject;
    }
  }
  const page = tracePage(counting());
  if (path === "-") {
    for await (const piece of page) await write(piece);
    return found;
  }
  const first = await page.next();
  if (first.done) return 0;
  const file = await open(path, "w", 0o600).catch((cause: unknown) => {
    throw new TracegateError("usage", `${path} cannot be written: ${messageOf(cause)}. Name another file.`, {
      cause,
    });
  });
  try {
    await file.write(first.value);
    for await (const piece of page) await file.write(piece);
  } finally {
    await file.close();
  }
  note(plain(`Wrote ${path}`));
  return found;
}
