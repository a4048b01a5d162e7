import { randomBytes } from "node:crypto";
import { hostname } from "node:os";

/** The name under which this process leases jobs: `<host>|<pid>|<process start, Unix ms>|<random>`. */
export function newHolder(): string {
  return [hostname(), process.pid, processStart(), randomBytes(6).toString("hex")].join("|");
}

/**
 * True when a lease's holder certainly runs no more: a process of this machine whose pid is gone, or ours
 * with another start time (in a container the pid is often 1 again). On another machine only the lease's
 * deadline tells.
 */
export function isGone(holder: string): boolean {
  const [host, pidText, start] = holder.split("|");
  if (host !== hostname()) return false;
  const pid = Number(pidText);
  if (pid === process.pid) return start !== processStart();
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
}

function processStart(): string {
  return String(Math.round(performance.timeOrigin));
}
