import { Command } from "commander";

import { work } from "../../app/work.ts";
import { configOption } from "../options.ts";
import { type RunningFlags, runningOptions, runUntilStopped, scoringText } from "../running.ts";
import type { Session } from "../session.ts";

/** `tracegate work` */
export function workCommand(session: Session): Command {
  const command = new Command("work")
    .summary("the working half of up: score what is queued, send the scores on")
    .description(
      "Scores the traces that `tracegate receive` has queued, keeps the scores and sends them to the configured sinks. Any " +
        "number of them may run, on any machines; they share REDIS_URL and DATABASE_URL. What a worker that dies had in hand is taken over.",
    )
    .addOption(configOption());
  for (const option of runningOptions(30)) command.addOption(option);
  return command.action((flags: RunningFlags) =>
    runUntilStopped(session, flags, work, ({ place }, { log, config, from }) => {
      log.info(`working: ${scoringText(config, session)}; configuration ${from}; state in ${place}`);
    }),
  );
}
