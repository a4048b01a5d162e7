import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";

/** Below this, setting zstd up costs more than the bytes it saves. */
const MIN_PACKED_BYTES = 4_096;
const LARGEST_CHUNK = 1024 * 1024;
/** First bytes of a zstd frame; OTLP protobuf always begins with 0x0a. */
const MAGIC = 0xfd2fb528;

/**
 * OTLP bytes as they are kept: zstd at level 1, which is faster than writing the bytes it saves; small
 * ones as they are.
 */
export function pack(bytes: Uint8Array): Uint8Array {
  if (bytes.length < MIN_PACKED_BYTES) return bytes;
  return zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
}

/** Reads what {@link pack} wrote, and any zstd frame. `size`: how many bytes come out, if known. */
export function unpack(bytes: Uint8Array, size = LARGEST_CHUNK): Uint8Array {
  if (!isFrame(bytes)) return bytes;
  return zstdDecompressSync(bytes, { chunkSize: Math.min(Math.max(size, 1_024), LARGEST_CHUNK) });
}

/** Whether bytes are a zstd frame. */
export function isFrame(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return bytes.length >= 4 && view.getUint32(0, true) === MAGIC;
}
