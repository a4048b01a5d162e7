/**
 * The other sides of `bench:worker`, each a process that is told by its first argument what to be:
 *
 * - `receive`: HTTP in, zstd, Redis, a BullMQ job;
 * - `work`: takes these jobs, fetches and unzips;
 * - `empty`: takes jobs that carry everything themselves, and does nothing.
 *
 * Tells its parent `{url}` once and `{done}` as it goes.
 */
import { createServer } from "node:http";
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { Queue, Worker } from "bullmq";
import { Redis } from "ioredis";

const [role, redisUrl = ""] = process.argv.slice(2);
const QUEUE = "peer";
const CONCURRENCY = 8;
const TELL_MS = 20;
const level = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
const redis = new Redis(redisUrl, { maxRetriesPerRequest: null });

if (role === "receive") receive();
else work(role === "empty");

function receive(): void {
  const queue = new Queue(QUEUE, { connection: redis, defaultJobOptions: { removeOnComplete: true } });
  let count = 0;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const key = `peer:spans:${count++}`;
    await redis.set(key, zstdCompressSync(Buffer.concat(chunks), level));
    await queue.add("score", { key });
    response.end();
  });
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    if (address !== null && typeof address === "object")
      process.send?.({ url: `http://127.0.0.1:${address.port}` });
  });
}

function work(isEmpty: boolean): void {
  let done = 0;
  let told = 0;
  const worker = new Worker<{ readonly key?: string }>(
    QUEUE,
    async ({ data }) => {
      if (!isEmpty) {
        const frame = await redis.getdelBuffer(data.key ?? "");
        if (frame !== null) zstdDecompressSync(frame);
      }
      done += 1;
    },
    { connection: redis, concurrency: CONCURRENCY, removeOnComplete: { count: 0 } },
  );
  setInterval(() => {
    if (done > told) process.send?.({ done });
    told = done;
  }, TELL_MS);
  worker.waitUntilReady().then(() => process.send?.({ url: "" }));
}
