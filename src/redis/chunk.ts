import { isFrame, pack, unpack } from "../otlp/pack.ts";

const SIZE_BYTES = 4;

/** OTLP bytes as the trace buffer keeps them in Redis: their size, four bytes, then what `pack` makes of them. */
export function writeChunk(bytes: Uint8Array): Buffer {
  const packed = pack(bytes);
  const chunk = Buffer.allocUnsafe(SIZE_BYTES + packed.length);
  chunk.writeUInt32LE(bytes.length);
  chunk.set(packed, SIZE_BYTES);
  return chunk;
}

/** Reads what {@link writeChunk} wrote. */
export function readChunk(chunk: Buffer): Uint8Array {
  return unpack(chunk.subarray(SIZE_BYTES), chunk.readUInt32LE());
}

/** The zstd frame in what {@link writeChunk} wrote; undefined where the bytes were too few to be compressed. */
export function frameIn(chunk: Buffer): Uint8Array | undefined {
  const packed = chunk.subarray(SIZE_BYTES);
  return isFrame(packed) ? packed : undefined;
}

/** One chunk of several: every chat span repeats the history, which compresses ten times better together. */
export function uniteChunks(chunks: readonly Buffer[]): Buffer {
  return writeChunk(Buffer.concat(chunks.map(readChunk)));
}
