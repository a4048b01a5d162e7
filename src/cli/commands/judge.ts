import { Command } from "commander";

import type { Session } from "../session.ts";
import { judgeCalibrateCommand } from "./judge-calibrate.ts";
import { judgeCheckCommand } from "./judge-check.ts";
import { judgePlanCommand } from "./judge-plan.ts";
import { judgeTuneCommand } from "./judge-tune.ts";

/** `tracegate judge check | …` */
export function judgeCommand(session: Session): Command {
  return new Command("judge")
    .summary("find out what a judge is worth")
    .description("A judge is an instrument: these commands say how far it can be trusted, and at what price.")
    .addCommand(judgeCheckCommand(session))
    .addCommand(judgeCalibrateCommand(session))
    .addCommand(judgePlanCommand(session))
    .addCommand(judgeTuneCommand(session));
}
