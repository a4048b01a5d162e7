import { Command } from "commander";

import { up } from "../../app/up.ts";
import { configOption } from "../options.ts";
import {
  type ListenFlags,
  listenOptions,
  type RunningFlags,
  runningOptions,
  runUntilStopped,
  scoringText,
} from "../running.ts";
import type { Session } from "../session.ts";

/** `tracegate up` */
export function upCommand(session: Session): Command {
  const command = new Command("up")
    .summary("take traces over OTLP, score them, send them on")
    .description(
      "Takes traces over OTLP/HTTP and OTLP/gRPC, scores each when it is complete, keeps the scores and sends " +
        "them to the configured sinks. Everything it has acknowledged survives a crash. Ctrl-C stops it; nothing is lost. " +
        "It needs no service; with REDIS_URL and DATABASE_URL it shares its work with others through them.",
    )
    .addOption(configOption())
    .option(
      "--redis [url]",
      "queue the jobs in Redis through BullMQ (default: embedded, or REDIS_URL if it is set)",
    );
  for (const option of [...listenOptions(), ...runningOptions(5)]) command.addOption(option);
  return command.action((flags: RunningFlags & ListenFlags) =>
    runUntilStopped(session, flags, up, (running, { log, config, from }) => {
      log.info(`listening on ${running.url} for OTLP/HTTP, configuration ${from}`);
      log.info(`${scoringText(config, session)}; queue ${running.queue}; state in ${running.place}`);
      if (running.grpcUrl !== null) log.info(`listening on ${running.grpcUrl} for OTLP/gRPC`);
    }),
  );
}
