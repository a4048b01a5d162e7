import { Command } from "commander";

import { equip } from "../../app/equipment.ts";
import { up } from "../../app/up.ts";
import { configOption, portNumber } from "../options.ts";
import { startLog } from "../print/log.ts";
import { count } from "../print/plain.ts";
import { configOf, type Session } from "../session.ts";

/** Time that work in hand gets after Ctrl-C, ms. What is not done then is done after the next start. */
const GRACE_MS = 5_000;

interface UpFlags {
  readonly config?: string;
  readonly host?: string;
  readonly port?: number;
  readonly grpcPort?: number;
  readonly redis?: string | true;
}

/** `tracegate up` */
export function upCommand(session: Session): Command {
  return new Command("up")
    .summary("take traces over OTLP, score them, send them on")
    .description(
      "Takes traces over OTLP/HTTP and OTLP/gRPC, scores each when it is complete, keeps the scores and sends " +
        "them to the configured sinks. Everything it has acknowledged survives a crash. Ctrl-C stops it; nothing is lost.",
    )
    .addOption(configOption())
    .option(
      "--host <address>",
      "address to listen on; beyond loopback a token is required (receiver.tokenEnv)",
    )
    .option("--port <number>", "port to listen on (default: 4318; 0 takes a free one)", portNumber)
    .option("--grpc-port <number>", "port for OTLP/gRPC (default: 4317; 0 takes a free one)", portNumber)
    .option(
      "--redis [url]",
      "queue the jobs in Redis through BullMQ (default: embedded, or REDIS_URL if it is set)",
    )
    .action(async (flags: UpFlags) => {
      const { config: loaded, path } = await configOf(session, flags.config);
      const config = {
        ...loaded,
        receiver: {
          ...loaded.receiver,
          ...(flags.host === undefined ? {} : { host: flags.host }),
          ...(flags.port === undefined ? {} : { port: flags.port }),
          ...(flags.grpcPort === undefined ? {} : { grpcPort: flags.grpcPort }),
        },
      };
      const log = startLog();
      session.onStray = (message) => log.fault(message);
      const running = await up({
        config,
        cwd: session.cwd,
        environment: session.environment,
        ...(flags.redis === undefined ? {} : { redis: flags.redis }),
        onFault: (message) => log.fault(message),
        onScored: (result) => log.scored(result),
      });
      const { scorers, judge } = equip(config, session.environment);
      const judges = judge
        ? `judge ${judge.provider} ${judge.model}`
        : "no judge: set OPENAI_API_KEY or ANTHROPIC_API_KEY";
      log.info(`listening on ${running.url} for OTLP/HTTP, configuration ${path ?? "all defaults"}`);
      log.info(
        `${count(scorers.length, "scorer")}, ${judges}; queue ${running.queue}; state in ${config.directory}`,
      );
      if (running.grpcUrl !== null) log.info(`listening on ${running.grpcUrl} for OTLP/gRPC`);
      await ended(session.signal);
      log.info("stopping: finishing what is in hand");
      await running.stop(GRACE_MS);
      log.info("stopped; what was not finished goes on at the next start");
      session.exitCode = 0;
    });
}

function ended(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
