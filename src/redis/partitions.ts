/**
 * The keys of a trace buffer lie in partitions, by trace. All keys of one have the same hash tag, so that a script
 * may touch several of them on a Redis Cluster, and the partitions spread over its nodes.
 */
export class Partitions {
  readonly tags: readonly string[];

  constructor(prefix: string, count: number) {
    // The braces of BullMQ's prefix on a cluster would put all partitions on one node.
    const name = prefix.replace(/[{}]/g, "");
    this.tags = Array.from({ length: count }, (_, index) => `{${name}:${index}}`);
  }

  /** The tag of a trace's keys. The last digits of a trace id are the random ones. */
  of(traceId: string): string {
    return this.tags[Number.parseInt(traceId.slice(-8), 16) % this.tags.length] ?? "";
  }
}
