/**
 * Prints how `src` and `test` stand against the project's yardstick and fails on its hard lines.
 *
 * `npm run style` measures this project; `node scripts/style.ts <folder>` another one of the same layout. `--all` also lists
 * the places behind the aims that are missed.
 */
import { parseArgs } from "node:util";

import { measure } from "./style/measures.ts";

const { values, positionals } = parseArgs({ options: { all: { type: "boolean" } }, allowPositionals: true });
const measures = measure(positionals[0] ?? process.cwd());

const nameWidth = Math.max(...measures.map((row) => row.name.length));
const valueWidth = Math.max(...measures.map((row) => row.value.length));
for (const row of measures) {
  const mark = row.met ? "ok  " : row.hard ? "FAIL" : "miss";
  const limit = `${row.limit}${row.hard ? ", hard" : ""}`;
  console.log(`${mark}  ${row.name.padEnd(nameWidth)}  ${row.value.padStart(valueWidth)}  ours: ${limit}`);
}

const broken = measures.filter((row) => row.hard && !row.met);
for (const row of values.all ? measures.filter((each) => !each.met) : broken) {
  for (const found of row.violations) {
    console.log(`${found.path}:${found.line}: ${row.name}: ${found.message} (ours: ${row.limit})`);
  }
}
process.exitCode = broken.length > 0 ? 1 : 0;
