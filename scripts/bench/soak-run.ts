import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";

import { EXPECTED, type SoakRun } from "./soak-plan.ts";

const TIMEOUT_MS = 120_000;
/** script(1), which runs a line in a terminal of its own. */
const TERMINAL = "script";

/** Runs the gate as planned. Returns what was wrong, null when nothing was. */
export async function soakOnce(
  run: SoakRun,
  main: string,
  folder: string,
  mark: string,
): Promise<string | null> {
  const args = [
    main,
    "gate",
    "--format",
    run.format,
    ...(run.behaviour === "misused" ? ["--no-such-option"] : []),
  ];
  const file = join(folder, "stdout.txt");
  const child = start(run, args, { folder, mark, file });
  const killer = setTimeout(() => child.kill("SIGKILL"), TIMEOUT_MS);
  const closed = once(child, "close");
  const [printed, stderr] = await Promise.all([taken(run, child), child.stderr ? text(child.stderr) : ""]);
  const [exitCode] = await closed;
  clearTimeout(killer);
  const whole = run.reader === "file" ? readFileSync(file, "utf8") : printed;
  const expected = EXPECTED[run.behaviour];
  if (exitCode !== expected) return `exit code ${exitCode} instead of ${expected}: ${stderr.slice(0, 300)}`;
  const left = await leftRunning(mark);
  if (left.length > 0) return `left running: ${left.join("; ")}`;
  return whole === null ? null : problemIn(whole, run);
}

function start(
  run: SoakRun,
  args: readonly string[],
  { folder, mark, file }: { readonly folder: string; readonly mark: string; readonly file: string },
): ChildProcess {
  const env = {
    ...process.env,
    NODE_OPTIONS: "",
    NO_COLOR: "1",
    BEHAVIOUR: run.behaviour,
    ISOLATION: run.isolation,
    CONCURRENCY: String(run.concurrency),
    TRACEGATE_SOAK: mark,
  };
  const line = [process.execPath, ...args].map((arg) => `'${arg}'`).join(" ");
  const options = { cwd: folder, env };
  if (run.reader === "head") {
    const shell = `${line} | head -1 > /dev/null; exit "\${PIPESTATUS[0]}"`;
    return spawn("bash", ["-c", shell], { ...options, stdio: ["ignore", "pipe", "pipe"] });
  }
  if (run.reader === "terminal") {
    return spawn(TERMINAL, ["-qec", line, "/dev/null"], { ...options, stdio: ["ignore", "pipe", "pipe"] });
  }
  if (run.reader !== "file") {
    return spawn(process.execPath, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  }
  const out = openSync(file, "w");
  try {
    return spawn(process.execPath, args, { ...options, stdio: ["ignore", out, "pipe"] });
  } finally {
    closeSync(out);
  }
}

/** What the reader got; null when it did not want all. */
async function taken({ reader }: SoakRun, { stdout }: ChildProcess): Promise<string | null> {
  if (!stdout || reader === "file") return null;
  if (reader === "leaves") {
    for await (const _ of stdout) break;
    return null;
  }
  let printed = "";
  stdout.setEncoding("utf8");
  for await (const piece of stdout) {
    printed += piece;
    if (reader === "slow") await pause(5);
  }
  return reader === "head" ? null : printed;
}

/** What is wrong with the whole of what was printed. */
function problemIn(whole: string, run: SoakRun): string | null {
  if (run.behaviour === "misused") return null;
  if (run.format === "table") {
    const words = { good: "Pass", noisy: "Pass", broken: "Blocked", crashes: "Inconclusive" }[run.behaviour];
    const starts = whole.includes(words) && whole.trimEnd().length > words.length;
    return starts && /\r?\n$/.test(whole) ? null : `the table is not whole: ${whole.slice(0, 200)}`;
  }
  try {
    // A terminal shows the progress line too.
    const json = whole.slice(whole.indexOf('{"v":1'));
    const { run: found } = JSON.parse(json);
    const ids = new Set(found.results.map(({ caseId }: { caseId: string }) => caseId));
    return ids.size === run.cases ? null : `${ids.size} of ${run.cases} cases are in the report`;
  } catch (error) {
    return `no JSON: ${error instanceof Error ? error.message : error}, ${whole.length} characters, ${whole.slice(-100)}`;
  }
}

/** Processes that carry the mark of a run in their environment, after a moment to go. */
async function leftRunning(mark: string): Promise<readonly string[]> {
  for (let look = 0; look < 20; look++) {
    const left = marked(mark);
    if (left.length === 0) return [];
    await pause(50);
    if (look === 19) return left;
  }
  return [];
}

function marked(mark: string): readonly string[] {
  return readdirSync("/proc").flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      const carries = readFileSync(`/proc/${pid}/environ`, "latin1").includes(`TRACEGATE_SOAK=${mark}\0`);
      const zombie = readFileSync(`/proc/${pid}/stat`, "latin1").includes(") Z ");
      return carries && !zombie
        ? [`${pid} ${readFileSync(`/proc/${pid}/cmdline`, "latin1").slice(0, 80)}`]
        : [];
    } catch {
      return [];
    }
  });
}
