/** How bytes are compressed, by their first bytes (RFC 1952, RFC 8878); null when they are not. */
export function compressionOf(bytes: Uint8Array): "gzip" | "zstd" | null {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return "gzip";
  if (bytes[0] === 0x28 && bytes[1] === 0xb5 && bytes[2] === 0x2f && bytes[3] === 0xfd) return "zstd";
  return null;
}
