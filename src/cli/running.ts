import { InvalidArgumentError, Option } from "commander";

import { equip } from "../app/equipment.ts";
import type { SiteOptions } from "../app/open-site.ts";
import { secretsOf } from "../app/secrets.ts";
import type { Config } from "../config/schema.ts";
import { portNumber } from "./options.ts";
import { LOG_LEVELS, type Log, type LogLevel, startLog } from "./print/log.ts";
import { count } from "./print/plain.ts";
import { configOf, type Session } from "./session.ts";

/** Flags of the commands that run until they are stopped. */
export interface RunningFlags {
  readonly config?: string;
  readonly redis?: string | true;
  readonly metricsPort?: number;
  readonly logLevel: LogLevel;
  /** Seconds. */
  readonly grace: number;
}

/** Flags of those that listen for senders. */
export interface ListenFlags {
  readonly host?: string;
  readonly port?: number;
  readonly grpcPort?: number;
}

/** Where senders are listened for. */
export function listenOptions(): readonly Option[] {
  return [
    new Option(
      "--host <address>",
      "address to listen on; beyond loopback a token is required (receiver.tokenEnv)",
    ),
    new Option("--port <number>", "port to listen on (default: 4318; 0 takes a free one)").argParser(
      portNumber,
    ),
    new Option("--grpc-port <number>", "port for OTLP/gRPC (default: 4317; 0 takes a free one)").argParser(
      portNumber,
    ),
  ];
}

/** What every command that runs has. `grace`: the default, seconds. */
export function runningOptions(grace: number): readonly Option[] {
  return [
    new Option(
      "--metrics-port <number>",
      "also answer /healthz, /readyz and /metrics on this port (default: server.port; 0 takes a free one)",
    ).argParser(portNumber),
    new Option("--log-level <level>", "what is logged").choices(LOG_LEVELS).default("info"),
    new Option("--grace <seconds>", "time that work in hand gets after Ctrl-C or SIGTERM")
      .argParser(secondsNumber)
      .default(grace),
  ];
}

/** What a command starts, and how it is stopped. */
export interface Started {
  readonly serverUrl: string | null;
  stop(graceMs: number): Promise<void>;
}

/** Time for what is still open after everything was closed, ms. */
const EXIT_MS = 2_000;

/** Runs until it is told to stop, and says so. */
export async function runUntilStopped<Parts extends Started>(
  session: Session,
  flags: RunningFlags & ListenFlags,
  start: (options: SiteOptions) => Promise<Parts>,
  tell: (parts: Parts, about: { readonly log: Log; readonly config: Config; readonly from: string }) => void,
): Promise<void> {
  const { config: loaded, path } = await configOf(session, flags.config);
  const config = withFlags(loaded, flags);
  const { cwd, environment } = session;
  const log = startLog({ level: flags.logLevel, secrets: secretsOf(environment) });
  session.onStray = (message) => log.fault(message);
  const parts = await start({
    config,
    cwd,
    environment,
    ...(flags.redis !== undefined && { redis: flags.redis }),
    onFault: (message, details) => log.fault(message, details),
    onScored: (result) => log.scored(result),
    onCompleted: (trace) => log.completed(trace),
    onDelivery: (delivery) => log.delivery(delivery),
  });
  tell(parts, { log, config, from: path ?? "all defaults" });
  if (parts.serverUrl !== null) log.info(`health and metrics on ${parts.serverUrl}`);
  await ended(session.signal);
  log.info("stopping: finishing what is in hand");
  await parts.stop(flags.grace * 1_000);
  log.info("stopped; what was not finished goes on at the next start");
  session.exitCode = 0;
  // Connections to a service that is away may still be tried for ever.
  setTimeout(() => process.exit(0), EXIT_MS).unref();
}

/** What scores, in words. */
export function scoringText(config: Config, { environment }: Session): string {
  const { scorers, judge } = equip(config, environment);
  const judges = judge
    ? `judge ${judge.provider} ${judge.model}`
    : "no judge: set OPENAI_API_KEY or ANTHROPIC_API_KEY";
  return `${count(scorers.length, "scorer")}, ${judges}`;
}

function withFlags(
  config: Config,
  { host, port, grpcPort, metricsPort }: RunningFlags & ListenFlags,
): Config {
  const receiver = {
    ...config.receiver,
    ...(host !== undefined && { host }),
    ...(port !== undefined && { port }),
    ...(grpcPort !== undefined && { grpcPort }),
  };
  if (metricsPort === undefined) return { ...config, receiver };
  const { host: serverHost = "127.0.0.1", tokenEnv } = config.server ?? {};
  return { ...config, receiver, server: { host: serverHost, port: metricsPort, tokenEnv } };
}

function secondsNumber(text: string): number {
  const seconds = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && seconds <= 3_600) return seconds;
  throw new InvalidArgumentError("Give seconds from 0 to 3600.");
}

function ended(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
