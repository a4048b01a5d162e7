import { messageOf } from "../core/errors.ts";
import type { BatchItem, BatchItems } from "./provider-batches.ts";

/** Where a line says whose it is. Within a text of an answer the quotes would be escaped. */
const NAME = /"custom_id"\s*:\s*"([^"\\]+)"/;

/**
 * Reads results, each a line of JSON with a `custom_id`. A batch is paid as a whole, so that one line that cannot be read is the failure
 * of its question alone. Where a question has several lines the last one that can be read holds.
 *
 * @param itemOf may throw where the line is not what it should be.
 */
export function itemsIn<Line extends { readonly custom_id: string }>(
  text: string,
  itemOf: (line: Line) => BatchItem,
): BatchItems {
  const byKey = new Map<string, BatchItem>();
  let isWhole = true;
  for (const written of text.split("\n")) {
    if (written.trim() === "") continue;
    try {
      const line: Line = JSON.parse(written);
      if (typeof line.custom_id !== "string") throw new TypeError("it does not say whose it is");
      byKey.set(line.custom_id, itemOf(line));
    } catch (error) {
      const key = NAME.exec(written)?.[1];
      if (key === undefined) isWhole = false;
      else if (!byKey.has(key)) byKey.set(key, { unreadable: messageOf(error) });
    }
  }
  return { byKey, isWhole };
}
