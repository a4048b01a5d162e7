import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** What a program and all it started took. */
export interface Measured {
  /** Null: killed. */
  readonly exitCode: number | null;
  /** From its start to the end of its output. */
  readonly seconds: number;
  /** User and system time. */
  readonly cpuSeconds: number;
  /** Most resident memory of all its processes together, seen every 100 ms. */
  readonly peakBytes: number;
  /** The end of what it printed. */
  readonly output: string;
}

const SAMPLE_MS = 100;
/** Clock ticks per second in /proc; 100 on every Linux that Node runs on. */
const TICKS = 100;

/** Runs a program with its output piped, and measures it. Linux only; one at a time, for CPU time is that of all children. */
export async function measureProcess(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly timeoutMs: number },
): Promise<Measured> {
  const before = childTicks();
  const begun = performance.now();
  const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"], detached: true });
  let output = "";
  const hear = (chunk: Buffer) => {
    output = (output + chunk.toString("utf8")).slice(-4_000);
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  const { pid = 0 } = child;
  let peakBytes = 0;
  const sampler = setInterval(() => {
    peakBytes = Math.max(peakBytes, residentBytes(pid));
  }, SAMPLE_MS);
  const killer = setTimeout(() => process.kill(-pid, "SIGKILL"), options.timeoutMs);
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const seconds = (performance.now() - begun) / 1e3;
  clearInterval(sampler);
  clearTimeout(killer);
  return { exitCode, seconds, cpuSeconds: (childTicks() - before) / TICKS, peakBytes, output };
}

/** CPU time of the children that have ended, with theirs. */
function childTicks(): number {
  const stat = readFileSync("/proc/self/stat", "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[13]) + Number(fields[14]);
}

/** Resident memory of a process and its descendants; what ends meanwhile counts nothing. */
function residentBytes(pid: number): number {
  try {
    const own =
      Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024;
    const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" ").filter(Boolean),
    );
    return children.reduce((sum, child) => sum + residentBytes(Number(child)), own);
  } catch {
    return 0;
  }
}
