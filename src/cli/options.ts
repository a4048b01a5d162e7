import { InvalidArgumentError, Option } from "commander";

import { readShare, type Share } from "../pipeline/gate-part.ts";
import { FORMATS } from "./print/output.ts";

/** `--config <file>` */
export function configOption(): Option {
  return new Option("-c, --config <file>", "configuration (default: tracegate.config.ts here or in evals/)");
}

/** `--format table|json|jsonl` */
export function formatOption(): Option {
  return new Option("-f, --format <format>", "how results are printed").choices(FORMATS).default("table");
}

/** `--mode pull-request|release` */
export function modeOption(): Option {
  return new Option(
    "--mode <mode>",
    "pull-request: block on evidence of harm; release: pass only when a loss of gate.margin is ruled out and nothing that must be fixed fails",
  )
    .choices(["pull-request", "release"])
    .default("pull-request");
}

/** `--shard 2/5` */
export function shardOption(): Option {
  return new Option(
    "--shard <i/n>",
    "try one of n parts of the cases, e.g. 2/5; write its --report, and give those of all parts to `tracegate gate merge`",
  ).argParser(partOfRun);
}

/** A part of a run as it is typed. */
function partOfRun(text: string): Share {
  const share = readShare(text);
  if (share) return share;
  throw new InvalidArgumentError("Give a part and the number of parts, e.g. 2/5 for the second of five.");
}

/** `--limit <number>` */
export function limitOption(): Option {
  return new Option("--limit <number>", "at most so many").argParser(wholeNumber).default(100);
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Give a whole number above 0.");
}

/** A port as it is typed; for `argParser`. */
export function portNumber(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError("Give a whole number from 0 to 65535; 0 takes a free port.");
}

/** A point in time as it is typed, in Unix ms; for `argParser`. */
export function pointInTime(text: string): number {
  const time = /^\d{4}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw new InvalidArgumentError("Give a date or an ISO 8601 time, e.g. 2026-11-20 or 2026-11-20T08:00Z.");
}
