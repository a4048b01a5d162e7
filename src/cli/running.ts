import { Option } from "commander";

import { equip } from "../app/equipment.ts";
import type { SiteOptions } from "../app/open-site.ts";
import type { Config } from "../config/schema.ts";
import { portNumber } from "./options.ts";
import { type Log, startLog } from "./print/log.ts";
import { count } from "./print/plain.ts";
import { configOf, type Session } from "./session.ts";

/** Flags of the commands that run until they are stopped. */
export interface RunningFlags {
  readonly config?: string;
  readonly redis?: string | true;
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

/** `--grace <seconds>` */
export function graceOption(seconds: number): Option {
  return new Option("--grace <seconds>", "time that work in hand gets after Ctrl-C or SIGTERM")
    .argParser(Number)
    .default(seconds);
}

/** What a command that runs starts, and how it is stopped. */
export interface Started {
  stop(graceMs: number): Promise<void>;
}

/** Runs until it is told to stop, and says so. */
export async function runUntilStopped<Parts extends Started>(
  session: Session,
  flags: RunningFlags & ListenFlags,
  start: (options: SiteOptions) => Promise<Parts>,
  tell: (parts: Parts, about: { readonly log: Log; readonly config: Config; readonly from: string }) => void,
): Promise<void> {
  const { config: loaded, path } = await configOf(session, flags.config);
  const config = withFlags(loaded, flags);
  const log = startLog();
  session.onStray = (message) => log.fault(message);
  const { cwd, environment } = session;
  const parts = await start({
    config,
    cwd,
    environment,
    ...(flags.redis !== undefined && { redis: flags.redis }),
    onFault: (message) => log.fault(message),
    onScored: (result) => log.scored(result),
  });
  tell(parts, { log, config, from: path ?? "all defaults" });
  await ended(session.signal);
  log.info("stopping: finishing what is in hand");
  await parts.stop(flags.grace * 1_000);
  log.info("stopped; what was not finished goes on at the next start");
  session.exitCode = 0;
}

/** What scores, in words. */
export function scoringText(config: Config, { environment }: Session): string {
  const { scorers, judge } = equip(config, environment);
  const judges = judge
    ? `judge ${judge.provider} ${judge.model}`
    : "no judge: set OPENAI_API_KEY or ANTHROPIC_API_KEY";
  return `${count(scorers.length, "scorer")}, ${judges}`;
}

function withFlags(config: Config, { host, port, grpcPort }: ListenFlags): Config {
  return {
    ...config,
    receiver: {
      ...config.receiver,
      ...(host !== undefined && { host }),
      ...(port !== undefined && { port }),
      ...(grpcPort !== undefined && { grpcPort }),
    },
  };
}

function ended(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
