import { openQueue } from "./queue-place.ts";

// Takes two jobs, says so, and never ends them: the parent kills this process.
const { queue } = await openQueue(JSON.parse(process.argv[2] ?? ""));
let held = 0;
await queue.consume(
  () => {
    held += 1;
    process.stdout.write(`holds ${held}\n`);
    return new Promise(() => {});
  },
  { concurrency: 2 },
);
setInterval(() => {}, 1_000);
