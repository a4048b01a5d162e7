import { Option } from "commander";

import { FORMATS } from "./print/output.ts";

/** `--config <file>` */
export function configOption(): Option {
  return new Option("-c, --config <file>", "configuration (default: tracegate.config.ts here or in evals/)");
}

/** `--format table|json|jsonl` */
export function formatOption(): Option {
  return new Option("-f, --format <format>", "how results are printed").choices(FORMATS).default("table");
}
