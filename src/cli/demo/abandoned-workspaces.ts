import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";

/** How the folder name of a workspace begins; it names the process that works there. */
export function workspacePrefix(pid: number): string {
  return `shop-${pid}-`;
}

/**
 * Removes the workspaces whose process has ended, so that only the last one stays for looking around.
 * Those of demos that run at this moment are kept, and so is everything that is no workspace.
 */
export async function removeAbandoned(parent: string): Promise<void> {
  const names = (await readdir(parent)).filter((name) => /^shop-/.test(name) && !runs(ownerOf(name)));
  await Promise.all(names.map((name) => rm(join(parent, name), { recursive: true, force: true })));
}

/** Process id in a name; 0 in names without one. */
function ownerOf(name: string): number {
  return Number(/^shop-(\d+)-/.exec(name)?.[1] ?? 0);
}

function runs(pid: number): boolean {
  if (pid === 0) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
