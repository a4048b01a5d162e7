import { z } from "zod";

import { OVERLOAD } from "../pipeline/pressure.ts";
import { count, milliseconds } from "./fields.ts";

/** Where senders are listened for. */
export const receiver = z.strictObject({
  /** Address to listen on. Beyond loopback a token is required. */
  host: z.string().default("127.0.0.1"),
  /** 0 takes a free port. */
  port: z.number().int().min(0).max(65_535).default(4318),
  /** Port of OTLP/gRPC; 0 takes a free one, null or false does without. Default 4317; where `port` is 0, a free one. */
  grpcPort: z
    .union([z.number().int().min(0).max(65_535), z.null(), z.literal(false)], {
      error: "must be a port (0 takes a free one), or null for no OTLP/gRPC",
    })
    .optional(),
  /**
   * Prefixes of further paths to take OTLP at: `/collector` adds `/collector/v1/traces`, `/collector/v1/logs` and,
   * for traces, `/collector` itself.
   */
  paths: z.array(z.string().regex(/^\/[\w\-./~%]*$/, "must be a path such as /collector")).default([]),
  /**
   * Environment variable that holds the token senders must show: as bearer token, as password of Basic
   * authorization, or as x-api-key.
   */
  tokenEnv: z.string().optional(),
  /** Bytes of one body after decompression, 64 MiB. */
  maxBodyBytes: z
    .number()
    .int()
    .positive()
    .default(64 * 1024 * 1024),
});

/** When senders are told to come back. */
export const overload = z.strictObject({
  /** Bytes of spans that wait above which new ones are refused with 429, 4 GiB. */
  bytes: count.default(OVERLOAD.bytes),
  /** How long a trace may wait in the queue before new spans are refused, ms; null: any time. */
  queueAgeMs: milliseconds.nullable().default(OVERLOAD.queueAgeMs),
  /** Below this share of the limit that was reached spans are taken again, 0..1. */
  resumeShare: z.number().positive().max(1).default(OVERLOAD.resumeShare),
});

/** When a trace, or a session, is taken to be complete. */
export const completion = z.strictObject({
  /** Quiet time after the root ended and every parent is known, ms. */
  afterRootMs: milliseconds.default(10_000),
  /** Quiet time without a usable root, ms. */
  idleMs: milliseconds.default(60_000),
  /** Quiet time after which a session is scored by `sessionScorers`, ms. */
  sessionIdleMs: milliseconds.default(1_800_000),
  /** Age, spans and bytes at which a trace is scored as it is. */
  maxAgeMs: milliseconds.default(3_600_000),
  maxSpans: count.default(100_000),
  maxBytes: count.default(64 * 1024 * 1024),
  /** Other limits for some services, by the `service.name` of a trace's root span: `{ "batch-agent": { idleMs: 600_000 } }`. */
  services: z
    .record(
      z.string(),
      z.strictObject({
        afterRootMs: milliseconds.optional(),
        idleMs: milliseconds.optional(),
        maxAgeMs: milliseconds.optional(),
        maxSpans: count.optional(),
        maxBytes: count.optional(),
      }),
    )
    .optional(),
});

/** Where health and metrics are, besides. */
export const server = z.strictObject({
  /** Address of health and metrics. Beyond loopback a token is required. */
  host: z.string().default("127.0.0.1"),
  /** 0 takes a free port. */
  port: z.number().int().min(0).max(65_535).default(9464),
  /** Environment variable that holds the token for everything but `/healthz`. */
  tokenEnv: z.string().optional(),
});
