import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Commit id of what is checked out in a folder; null outside git. */
export async function commitOf(cwd: string): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)("git", ["rev-parse", "HEAD"], { cwd });
    return stdout.trim();
  } catch {
    return null;
  }
}
