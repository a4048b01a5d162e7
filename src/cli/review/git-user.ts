import { spawnSync } from "node:child_process";

/** Who works here, by git's `user.name`; undefined without one. */
export function gitUser(cwd: string): string | undefined {
  const { stdout, status } = spawnSync("git", ["config", "user.name"], { cwd, encoding: "utf8" });
  return status === 0 ? stdout.trim() || undefined : undefined;
}
