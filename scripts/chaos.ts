/**
 * Kills what can be killed while traces go through, and counts outside of tracegate what became of them: the sender, the model
 * server and the sink do. Receivers and workers are processes of the real program, on a Redis with AOF and a PostgreSQL with
 * fsync of their own. Exits with 1 when something was lost, doubled or paid for twice without a kill in the middle.
 *
 *   npm run chaos [-- --short] [--seed 1] [--traces N] [--keep]
 *
 * `--short`: 600 traces, for CI. `--keep`: keeps the logs also when all is well.
 */
import { rmSync } from "node:fs";
import { parseArgs } from "node:util";

import { FULL, SHORT } from "./chaos/plan.ts";
import { tableOf, wrongOf } from "./chaos/report.ts";
import { runChaos } from "./chaos/run.ts";

const { values } = parseArgs({
  options: {
    short: { type: "boolean", default: false },
    seed: { type: "string", default: "1" },
    traces: { type: "string" },
    keep: { type: "boolean", default: false },
  },
});
const size = values.short ? SHORT : FULL;
const traces = Number(values.traces ?? size.traces);
const started = performance.now();
const stop = new AbortController();
// Nothing that was started may stay behind.
for (const name of ["SIGINT", "SIGTERM"]) process.once(name, () => stop.abort());
const { lines, why, folder } = await runChaos({ ...size, traces }, Number(values.seed), stop.signal);
console.log(tableOf(lines));
console.log(`\nseed ${values.seed}, ${Math.round((performance.now() - started) / 1_000)} s`);
const isWrong = wrongOf(lines).length > 0;
if (isWrong) console.log(`\n${why}`);
if (isWrong || values.keep) console.log(`\nlogs: ${folder}/logs`);
else rmSync(folder, { recursive: true, force: true });
process.exitCode = isWrong ? 1 : 0;
