import { Command } from "commander";

import { receive } from "../../app/receive.ts";
import { configOption } from "../options.ts";
import {
  type ListenFlags,
  listenOptions,
  type RunningFlags,
  runningOptions,
  runUntilStopped,
} from "../running.ts";
import type { Session } from "../session.ts";

/** `tracegate receive` */
export function receiveCommand(session: Session): Command {
  const command = new Command("receive")
    .summary("the receiving half of up: take traces, queue what is complete")
    .description(
      "Takes traces over OTLP/HTTP and OTLP/gRPC and queues each when it is complete, for `tracegate work` to score. Any " +
        "number of them may run, on any machines; they share REDIS_URL and DATABASE_URL, and a trace may come in parts over several.",
    )
    .addOption(configOption());
  for (const option of [...listenOptions(), ...runningOptions(30)]) command.addOption(option);
  return command.action((flags: RunningFlags & ListenFlags) =>
    runUntilStopped(session, flags, receive, ({ url, grpcUrl, place }, { log, from }) => {
      log.info(`listening on ${url} for OTLP/HTTP, configuration ${from}; state in ${place}`);
      if (grpcUrl !== null) log.info(`listening on ${grpcUrl} for OTLP/gRPC`);
    }),
  );
}
