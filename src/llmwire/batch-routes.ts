import type { IncomingMessage } from "node:http";

import type { JsonObject } from "../core/json.ts";
import type { BatchItem } from "./batch-book.ts";
import type { Fault } from "./fault.ts";
import type { WireCodec } from "./wire-codec.ts";

/** A request to a provider's batch endpoints. */
export interface BatchCall {
  readonly incoming: IncomingMessage;
  readonly path: string;
  readonly search: URLSearchParams;
}

/** What is sent back: a JSON body, a file, or a fault. Undefined: there is no such endpoint. */
export type BatchReply = { readonly body: JsonObject } | { readonly text: string } | Fault | undefined;

/** The batch endpoints of one provider. */
export interface BatchRoutes {
  readonly error: WireCodec["error"];
  takes(path: string): boolean;
  answer(call: BatchCall): Promise<BatchReply>;
}

/** Bytes of a submission we take; the larger of the providers' own limits. */
export const MAX_BATCH_BODY = 256 * 1024 * 1024;

/** An error of the provider, in its words. */
export function refused(status: number, message: string): Fault {
  return { fault: "status", status, message };
}

/** A page of a list, as both providers cut theirs: `limit` of them (default 20) after the one that is named. */
export function pageOf<Item extends { readonly id: string }>(
  items: readonly Item[],
  { limit, after }: { readonly limit: string | null; readonly after: string | null },
): { readonly page: readonly Item[]; readonly has_more: boolean } {
  const start = after === null ? 0 : items.findIndex(({ id }) => id === after) + 1;
  const end = start + Number(limit ?? 20);
  return { page: items.slice(start, end), has_more: end < items.length };
}

/** The first id that stands twice in a batch, which no provider takes. */
export function doubledId(items: readonly BatchItem[]): string | undefined {
  const seen = new Set<string>();
  for (const { customId } of items) {
    if (seen.has(customId)) return customId;
    seen.add(customId);
  }
  return undefined;
}
