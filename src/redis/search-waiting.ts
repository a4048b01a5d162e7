import { readChunk } from "./chunk.ts";
import type { RedisClient } from "./connect.ts";
import type { Partitions } from "./partitions.ts";
import { bytesOf } from "./reply.ts";

/** Ids of the traces that wait, open or sealed, whose spans something is found in; see `TraceBuffer.search`. */
export async function searchWaiting(
  { redis, partitions }: { readonly redis: RedisClient; readonly partitions: Partitions },
  finds: (traceId: string, chunks: readonly Uint8Array[]) => boolean,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const tag of partitions.tags) {
    for (const [traceId, revisions] of await waitingIn(redis, tag)) {
      const lists = await Promise.all(
        revisions.map((revision) => redis.lrangeBuffer(`${tag}:c:${traceId}:${revision}`, 0, -1)),
      );
      if (
        finds(
          traceId,
          lists.flat().map((chunk) => readChunk(bytesOf(chunk))),
        )
      )
        found.push(traceId);
    }
  }
  return found;
}

/** The traces of a partition, with the revisions of which there are chunks. */
async function waitingIn(redis: RedisClient, tag: string): Promise<ReadonlyMap<string, readonly number[]>> {
  const waiting = new Map<string, number[]>();
  const add = (traceId: string, revision: number) =>
    waiting.set(traceId, [...(waiting.get(traceId) ?? []), revision]);
  for (const member of await redis.zrange(`${tag}:sealed`, 0, "-1")) {
    const [traceId = "", revision] = member.split(":");
    add(traceId, Number(revision));
  }
  for (const traceId of await redis.zrange(`${tag}:due`, 0, "-1"))
    add(traceId, Number(await redis.hget(`${tag}:t:${traceId}`, "r")) + 1);
  return waiting;
}
