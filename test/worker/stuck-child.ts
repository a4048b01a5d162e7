import { execFileSync } from "node:child_process";

import { openDatabase } from "../../src/store/open-database.ts";
import { startWatchdog } from "../../src/worker/watchdog.ts";

/** Does something that never ends after an `await`, and says whether the rest goes on. Argument: what to do. */
const deeds: { readonly [name: string]: () => unknown } = {
  loop() {
    for (;;) {
      try {
        for (;;);
      } catch {}
    }
  },
  regex: () => /^(a+)+$/.test(`${"a".repeat(60)}b`),
  async microtasks() {
    for (;;) await null;
  },
  sleep: () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0),
  native: () => execFileSync("sleep", ["6"]),
  stall: () => execFileSync("sleep", ["3"]),
  transaction: () =>
    openDatabase(process.argv[3] ?? "").write(() => {
      for (;;);
    }),
  busy() {
    const end = performance.now() + 1_500;
    while (performance.now() < end) watchdog.beat();
  },
  nothing: () => {},
};
const say = (line: string) => process.stdout.write(`${line}\n`);
const watchdog = await startWatchdog({
  // After a stall the first beat has two ticks (a twentieth of this each) to come, also on a machine with much else to do.
  stuckMs: process.argv[2] === "stall" ? 2_400 : 600,
  onInterrupted: ({ place }) => say(`interrupted ${place}`),
});
say("started");
const deed = async () => {
  await new Promise((wake) => setTimeout(wake, 5));
  await deeds[process.argv[2] ?? ""]?.();
};
deed().then(() => say("settled"));
let turns = 0;
const timer = setInterval(async () => {
  turns += 1;
  if (turns < 60) return;
  clearInterval(timer);
  await watchdog.stop();
  say("goes on");
}, 20);
