import type { HttpBindings } from "@hono/node-server";
import { type Context, Hono } from "hono";

import { type Clock, systemClock } from "../core/clock.ts";
import { TRACE_ID } from "../core/ids.ts";
import type { IngestCounts } from "../core/ingest-counts.ts";
import type { Label } from "../core/label.ts";
import { encodingOfType, refuse } from "./answer.ts";
import { ByteBudget } from "./byte-budget.ts";
import { exportPaths } from "./export-paths.ts";
import { takeFeedback } from "./feedback.ts";
import { type GrpcListener, startGrpc } from "./grpc-server.ts";
import { ingest } from "./ingest.ts";
import { DEFAULT_LIMITS, type ReceiverLimits } from "./limits.ts";
import { type HttpApp, listen } from "./listen.ts";
import { type Refusal, refusalOf } from "./refusal.ts";
import { checkToken, requireTokenBeyondLoopback } from "./require-token.ts";
import type { Accept, IngestSetting } from "./take-export.ts";
import { Tally } from "./tally.ts";

/** Options of {@link startReceiver}. */
export interface ReceiverOptions {
  /** Default `127.0.0.1`. Anything beyond loopback requires a `token`. */
  readonly host?: string;
  /** Default 4318; 0 picks a free one. */
  readonly port?: number;
  /** The port of OTLP/gRPC, usually 4317; 0 picks a free one. Default null: no OTLP/gRPC. */
  readonly grpcPort?: number | null;
  /** Prefixes of further paths to take requests at; see {@link exportPaths}. */
  readonly paths?: readonly string[];
  /**
   * Takes spans and log records; must be durable when it resolves. A thrown `overloaded` is answered 429 (or
   * RESOURCE_EXHAUSTED), a retryable one 503 (or UNAVAILABLE).
   */
  readonly accept: Accept;
  /** The sender says a trace is complete. */
  readonly signal: (traceId: string) => Promise<void>;
  /** What senders must show: `Authorization: Bearer <token>`, the password of Basic, or `x-api-key`. */
  readonly token?: string;
  /** Keeps what users say at `POST /v1/feedback`; durable when it resolves. Default: nothing is taken there. */
  readonly feedback?: (labels: readonly Label[]) => Promise<void>;
  readonly limits?: Partial<ReceiverLimits>;
  /** Answers GET requests for what is not of OTLP, behind the token; null: nothing is there. */
  readonly pages?: (request: Request) => Promise<Response | null>;
  readonly clock?: Clock;
  /** Told of faults that a sender sees only as 500 or 503. Must not throw. */
  readonly onFault?: (error: unknown) => void;
}

/** A running OTLP receiver. */
export interface Receiver {
  /** E.g. `http://127.0.0.1:4318`: what senders set as `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly url: string;
  readonly port: number;
  /** E.g. `http://127.0.0.1:4317`: what senders over gRPC set. Null without OTLP/gRPC. */
  readonly grpcUrl: string | null;
  counts(): IngestCounts;
  /** Takes no new request and waits for those under way. */
  close(): Promise<void>;
}

/**
 * Starts an OTLP receiver. Over HTTP: `POST /v1/traces` and `/v1/logs` and their other names (protobuf and JSON;
 * gzip, zstd, deflate), `POST /v1/traces/<trace id>/complete` (the completion signal), `POST /v1/feedback` (see {@link takeFeedback}) and `GET /healthz`. Over
 * gRPC, on a port of its own: the trace and the logs service.
 *
 * Of log records those are taken that are events of a span; they become events of it.
 *
 * @throws TracegateError `config` when a port cannot be had, or when `host` is open to the network and
 * there is no token
 */
export async function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  const { host = "127.0.0.1", port = 4318, grpcPort = null, accept, token } = options;
  requireTokenBeyondLoopback(host, token);
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const setting: IngestSetting = {
    limits,
    budget: new ByteBudget(limits.inflightBytes),
    tally: new Tally(),
    clock: options.clock ?? systemClock,
    ...(options.onFault && { onFault: options.onFault }),
  };
  const http = await listen(() => receiverApp(options, setting), { host, port, limits });
  let grpc: GrpcListener | null = null;
  try {
    if (grpcPort !== null) grpc = await startGrpc({ host, port: grpcPort, accept, token, setting });
  } catch (error) {
    await http.close(0);
    throw error;
  }
  return {
    url: http.url,
    port: http.port,
    grpcUrl: grpc?.url ?? null,
    counts: () => setting.tally.read(setting.budget.used),
    close: async () => {
      await Promise.all([http.close(), grpc?.close()]);
    },
  };
}

type AppContext = Context<{ Bindings: HttpBindings }>;

function receiverApp(options: ReceiverOptions, setting: IngestSetting): HttpApp {
  const app: HttpApp = new Hono({ strict: false });
  const answer = (context: AppContext, refusal: Refusal) =>
    refuse(refusal, encodingOfType(context.req.header("content-type")) ?? "json");
  app.get("/healthz", (context) => context.json({ status: "ok" }));
  app.all("/healthz", (context) => answer(context, notAllowed("GET")));
  app.use(async (context, next) => {
    const { req } = context;
    const shown = { authorization: req.header("authorization"), apiKey: req.header("x-api-key") };
    const refusal = checkToken(shown, options.token);
    return refusal === null ? next() : answer(context, refusal);
  });
  for (const [path, kind] of exportPaths(options.paths)) {
    app.post(path, (context) => ingest(context.env.incoming, options.accept, setting, kind));
    app.all(path, (context) => answer(context, notAllowed("POST")));
  }
  app.post("/v1/traces/:traceId/complete", async (context) => {
    const refusal = await signal(context.req.param("traceId"), options, setting);
    return refusal === null ? context.body(null, 204) : answer(context, refusal);
  });
  app.all("/v1/traces/:traceId/complete", (context) => answer(context, notAllowed("POST")));
  const { feedback } = options;
  if (feedback) {
    app.post("/v1/feedback", async (context) => {
      const taken = await takeFeedback(context.env.incoming, feedback, setting);
      return typeof taken === "number" ? context.json({ taken }, 202) : answer(context, taken);
    });
    app.all("/v1/feedback", (context) => answer(context, notAllowed("POST")));
  }
  app.get("*", async (context) => (await options.pages?.(context.req.raw)) ?? context.notFound());
  app.notFound((context) => answer(context, notFound(context.req.path)));
  return app;
}

async function signal(
  given: string,
  options: ReceiverOptions,
  setting: IngestSetting,
): Promise<Refusal | null> {
  const traceId = given.toLowerCase();
  if (!TRACE_ID.test(traceId)) {
    return {
      status: 400,
      message: `"${given.slice(0, 64)}" is not a trace id: 32 hex digits, not all zero.`,
    };
  }
  try {
    await options.signal(traceId);
    return null;
  } catch (error) {
    const refusal = refusalOf(error, setting.clock.now());
    if (refusal.status >= 500) setting.onFault?.(error);
    return refusal;
  }
}

function notAllowed(method: string): Refusal {
  return { status: 405, message: `Only ${method} is answered here.`, headers: { Allow: method } };
}

function notFound(path: string): Refusal {
  const message = `Nothing is at ${path.slice(0, 200)}. Traces go to POST /v1/traces, logs to POST /v1/logs (receiver.paths adds other names); metrics are not received.`;
  return { status: 404, message };
}
