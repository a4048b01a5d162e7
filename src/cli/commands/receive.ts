import { Command } from "commander";

import { receive } from "../../app/receive.ts";
import { configOption } from "../options.ts";
import {
  graceOption,
  type ListenFlags,
  listenOptions,
  type RunningFlags,
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
  for (const option of listenOptions()) command.addOption(option);
  return command.addOption(graceOption(30)).action((flags: RunningFlags & ListenFlags) =>
    runUntilStopped(session, flags, receive, (receiving, { log, from }) => {
      log.info(
        `listening on ${receiving.url} for OTLP/HTTP, configuration ${from}; state in ${receiving.place}`,
      );
      if (receiving.grpcUrl !== null) log.info(`listening on ${receiving.grpcUrl} for OTLP/gRPC`);
    }),
  );
}
