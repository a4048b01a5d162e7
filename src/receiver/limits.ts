/** What one listener accepts. Bytes and ms. */
export interface ReceiverLimits {
  /** Of one request, inflated. Default 64 MiB, the OTLP specification's recommendation. */
  readonly bodyBytes: number;
  /** Of one request, as sent. Default 64 MiB. */
  readonly wireBytes: number;
  /** Of all requests under way together, inflated; beyond it the answer is 429. Default 256 MiB. */
  readonly inflightBytes: number;
  /** Time for the request line and headers. Default 10 s. */
  readonly headersTimeoutMs: number;
  /** Time for the whole request to arrive. Default 60 s. */
  readonly requestTimeoutMs: number;
}

/** The limits where nothing else is said. */
export const DEFAULT_LIMITS: ReceiverLimits = {
  bodyBytes: 64 * 1024 * 1024,
  wireBytes: 64 * 1024 * 1024,
  inflightBytes: 256 * 1024 * 1024,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 60_000,
};
